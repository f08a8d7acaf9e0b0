import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { AlarmChange } from '../../src/watch/alarm.ts';
import { Alarm } from '../../src/watch/alarm.ts';
import { Webhook, webhookSignature } from '../../src/watch/alerts/webhook.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Received {
  readonly body: string;
  readonly signature: string;
}

/** Answers with these, one after the other, the last for ever. */
async function receiving(...answers: readonly number[]) {
  const received: Received[] = [];
  const server = createServer((message, response) => {
    let body = '';
    message.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    message.on('end', () => {
      const status = answers[Math.min(received.length, answers.length - 1)] ?? 204;
      received.push({ body, signature: String(message.headers['x-holdfast-signature']) });
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { received, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarms` };
}

const change: AlarmChange = {
  ...({ rule: 'gateway.drift.scores', state: 'raised', value: 0.4, route: '/', model: 'm', time: 1 } as const),
  ...{ artifact: 'sha256:a', bounds: { raise: 0.2, clear: 0.1 } },
};

function hookTo(address: string) {
  const failures: string[] = [];
  const webhook = new Webhook({ address, secret: 'k'.repeat(32), pauseMs: 1, failed: (line) => failures.push(line) });
  return { webhook, failures };
}

test('a signature is HMAC-SHA256 of time and body', () => {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
  expect(webhookSignature('0123456789abcdef0123456789abcdef', 1_700_000_000, '{"a":1}')).toBe(
    't=1700000000,v1=f05f2539e3ae1c49aec5f8cfdad75ef6b06480b133973ffbb7ec9e18827af177',
  );
});

test('an alarm is told once, signed', async () => {
  const { received, address } = await receiving(204);
  const { webhook, failures } = hookTo(address);
  webhook.send(change);
  await webhook.close();
  expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ type: 'gateway-alert', ...change }]);
  expect(received[0]?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(failures).toEqual([]);
});

test('what is away for a moment is told again, in order', async () => {
  const { received, address } = await receiving(503, 429, 200);
  const { webhook, failures } = hookTo(address);
  webhook.send(change);
  webhook.send({ ...change, state: 'cleared' });
  await webhook.close();
  const states = received.map(({ body }) => (JSON.parse(body) as AlarmChange).state);
  expect(states).toEqual(['raised', 'raised', 'raised', 'cleared']);
  expect(failures).toEqual([]);
});

test.each([
  [400, 1],
  [302, 1],
  [500, 5],
])('an answer of %d is tried %d times, and said', async (status, times) => {
  const { received, address } = await receiving(status);
  const { webhook, failures } = hookTo(address);
  webhook.send(change);
  await webhook.close();
  expect(received.length).toBe(times);
  expect(failures).toEqual([`gateway.drift.scores raised: the webhook answers ${status}`]);
});

test('what nobody takes is bounded, and said without the address', async () => {
  const { webhook, failures } = hookTo('http://127.0.0.1:1/secret');
  for (let count = 0; count < 101; count += 1) webhook.send(change);
  expect(failures).toEqual(['gateway.drift.scores raised: too many alarms wait']);
  await webhook.close(0);
  expect(failures.length).toBe(101);
  expect(failures.join('\n')).not.toContain('secret');
});

test('an alarm that is raised lasts as long as it is to', () => {
  const alarm = new Alarm({ raise: 0.2, clear: 0.1 }, 60_000);
  expect(alarm.look(0.3, true, 1000)).toBe('raised');
  expect(alarm.look(0, true, 60_999)).toBeUndefined();
  expect(alarm.look(0, true, 61_000)).toBe('cleared');
});
