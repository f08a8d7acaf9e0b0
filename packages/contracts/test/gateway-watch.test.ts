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
  [
    { token: '~/t', alerts: { webhook: { address: 'https://hooks.example/', secret: 'policy/secret' } } },
    'secrets lie outside of the project',
  ],
  [{ token: '~/t', window: 5 }, 'from 50 to 10000'],
])('%j is refused', (value, message) => {
  expect(messageOf(value)).toContain(message);
});

test.each(['http://hooks.example/', 'ftp://hooks.example/', 'https://a:b@hooks.example/', 'http://127.0.0.1.example/'])(
  'alarms are not told to %s',
  (address) => {
    const alerts = { webhook: { address, secret: '~/s' } };
    expect(messageOf({ token: '~/t', alerts })).toContain('neither an HTTPS address');
  },
);

test('alarms are told to HTTPS, or to this machine', () => {
  for (const address of ['https://hooks.example/a?b=c', 'http://127.0.0.1:9000/', 'http://[::1]:9000/']) {
    const alerts = { webhook: { address, secret: '~/s' }, least: '5m' };
    expect(gatewayWatch.parse({ token: '~/t', alerts }).alerts?.least).toBe(300_000);
  }
});

test('a token is not left out', () => {
  expect(gatewayWatch.safeParse({}).success).toBe(false);
});
