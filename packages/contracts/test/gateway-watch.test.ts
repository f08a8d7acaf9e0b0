import { expect, test } from 'vitest';
import { gatewayWatch } from '../src/gateway-watch.ts';

const messageOf = (value: unknown): string | undefined => gatewayWatch.safeParse(value).error?.issues[0]?.message;

test('the gateway is watched from this machine, with a token that lies outside of the project', () => {
  const whole = { address: '::1', port: 0, token: '~/.config/holdfast/watch', window: 500 };
  expect(gatewayWatch.parse(whole)).toEqual(whole);
});

test.each([
  [{ address: '0.0.0.0', token: '~/t' }, 'only this machine'],
  [{ token: 'policy/token' }, 'secrets lie outside of the project'],
  [{ token: `/${'a'.repeat(1024)}` }, 'longer than 1024'],
  [{ token: 7 }, 'a path'],
  [{ token: '~/t', port: 70_000 }, 'a port'],
  [{ token: '~/t', window: 5 }, 'from 50 to 10000'],
])('%j is refused', (value, message) => {
  expect(messageOf(value)).toContain(message);
});

test('a token is not left out', () => {
  expect(gatewayWatch.safeParse({}).success).toBe(false);
});
