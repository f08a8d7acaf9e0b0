import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { HandedConnections } from '@holdfast/gateway/http/handed-connections';
import { createListener } from '@holdfast/gateway/http/listener';
import { expect, onTestFinished, test } from 'vitest';

/** A listener whose connections come from another one, as from another process. */
async function handing(head: number) {
  const handed = new HandedConnections();
  const server = createListener(
    (message, response) => {
      message.resume();
      message.on('end', () => response.end('answer'));
    },
    { times: { head, request: 30_000, idle: 30_000 } },
  );
  const drain = handed.into(server);
  const front = createServer({ pauseOnConnect: true }, (socket) => {
    handed.take(socket);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(() => {
    front.close();
  });
  const ask = () => {
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    let said = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (said += piece));
    onTestFinished(() => {
      socket.destroy();
    });
    return { socket, said: () => said, closed: once(socket, 'close') };
  };
  return { ask, drain };
}

const request = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

test('who sends a head too slowly is cut, as where the process listens itself', async () => {
  const { ask } = await handing(200);
  const slow = ask();
  slow.socket.write('GET / HTTP/1.1\r\nhost: ');
  await slow.closed;
  expect(slow.said()).toMatch(/^HTTP\/1\.1 408 .*HF_GATEWAY_TOO_SLOW/s);
});

test('a request that comes while it drains is answered, and is the last of its connection', async () => {
  const { ask, drain } = await handing(10_000);
  const [kept, idle] = [ask(), ask()];
  for (const { socket, said } of [kept, idle]) {
    socket.write(request);
    await expect.poll(said).toMatch(/answer/);
    expect(said()).not.toContain('connection: close');
  }
  const drained = drain(30_000);
  kept.socket.write(request);
  await kept.closed;
  expect(kept.said()).toMatch(/answer[\s\S]*connection: close[\s\S]*answer/i);
  // On which nothing is asked is closed after a while.
  await idle.closed;
  await drained;
});

test('what has not ended when time is up is cut', async () => {
  const { ask, drain } = await handing(10_000);
  const half = ask();
  half.socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab');
  half.socket.on('error', () => undefined);
  await once(half.socket, 'connect');
  await new Promise((resolve) => setImmediate(resolve));
  await drain(100);
  await half.closed;
});
