import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Breaker } from '../../src/http/breaker.ts';
import { Upstream, type UpstreamLimits } from '../../src/http/upstream.ts';

const limits: UpstreamLimits = { answer: 1000, timeMs: 400, concurrency: 2 };
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serverOf(listener: (message: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(listener);
  return listening(server, () => {
    server.closeAllConnections();
  });
}

/** A server that sends bytes of its own making. */
async function rawServer(answer: string | undefined): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (answer === undefined ? socket.destroy() : socket.end(answer)));
  });
  return listening(server as unknown as Server, () => undefined);
}

async function listening(server: Server, cut: () => void): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.close();
    cut();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function upstreamOf(address: string, own: Partial<UpstreamLimits> = {}): Upstream {
  const upstream = new Upstream(address, { ...limits, ...own });
  open.unshift(async () => upstream.close());
  return upstream;
}

const infer = { method: 'POST', path: '/infer', headers: { 'content-type': 'application/json' } } as const;
const asked = { ...infer, body: Buffer.from('{}') };

test('a request goes on with a length of its own, and the answer comes back', async () => {
  let seen: IncomingMessage['headers'] = {};
  const address = await serverOf((message, response) => {
    seen = message.headers;
    message.resume();
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('one ');
    response.end(message.url);
  });
  const answer = await upstreamOf(`${address}/base/`).exchange(asked);
  expect({ status: answer.status, text: Buffer.from(answer.body).toString() }).toEqual({
    status: 200,
    text: 'one /base/infer',
  });
  expect(seen).toMatchObject({ 'content-length': '2', 'content-type': 'application/json' });
  expect(seen['transfer-encoding']).toBeUndefined();
});

describe('a server that does not do its part', () => {
  test.each([
    ['is not there', () => Promise.resolve('http://127.0.0.1:1'), 'HF_GATEWAY_UPSTREAM'],
    ['hangs up', async () => rawServer(undefined), 'HF_GATEWAY_UPSTREAM'],
    ['says something that is no HTTP', async () => rawServer('hello\r\n\r\n'), 'HF_GATEWAY_UPSTREAM'],
    ['ends early', async () => rawServer('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello'), 'HF_GATEWAY_UPSTREAM'],
    [
      'has two lengths',
      async () => rawServer('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!'),
      'HF_GATEWAY_UPSTREAM',
    ],
    [
      'has a length and a coding',
      async () => rawServer('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
      'HF_GATEWAY_UPSTREAM',
    ],
    ['never answers', async () => serverOf(() => undefined), 'HF_GATEWAY_UPSTREAM_TIME'],
    [
      'never ends its answer',
      async () =>
        serverOf((_, response) => {
          const timer = setInterval(() => response.write('x'), 50);
          response.on('close', () => {
            clearInterval(timer);
          });
        }),
      'HF_GATEWAY_UPSTREAM_TIME',
    ],
    [
      'answers without end',
      async () =>
        serverOf((_, response) => {
          response.write('x'.repeat(2000));
        }),
      'HF_GATEWAY_UPSTREAM',
    ],
  ])('%s', async (_, address, code) => {
    await expect(upstreamOf(await address()).exchange(asked)).rejects.toMatchObject({ code });
  });

  test('is left alone after five failures in a row, and says when it is tried again', async () => {
    const upstream = upstreamOf('http://127.0.0.1:1');
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(upstream.exchange(asked)).rejects.toThrow('reached');
    await expect(upstream.exchange(asked)).rejects.toMatchObject({
      code: 'HF_GATEWAY_UPSTREAM',
      message: 'the model server did not answer lately',
      retryAfter: expect.closeTo(2, 0) as number,
    });
  });

  test('gets no more requests at once than it takes', async () => {
    let running = 0;
    const address = await serverOf((_, response) => {
      running += 1;
      setTimeout(() => response.end('ok'), 100);
    });
    const upstream = upstreamOf(address);
    const outcomes = await Promise.allSettled([1, 2, 3].map(async () => upstream.exchange(asked)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 'HF_GATEWAY_THROTTLED' });
    expect(running).toBe(2);
  });
});

test('a request is sent once, whatever becomes of it', async () => {
  let count = 0;
  const address = await serverOf((message) => {
    count += 1;
    message.socket.destroy();
  });
  await expect(upstreamOf(address).exchange(asked)).rejects.toMatchObject({ code: 'HF_GATEWAY_UPSTREAM' });
  expect(count).toBe(1);
});

describe('a breaker', () => {
  test('opens after so many failures, lets one try after its rest, and closes when that succeeds', () => {
    const breaker = new Breaker({ failures: 2, restMs: 100 });
    expect(breaker.wait(0)).toBe(0);
    breaker.failed(0);
    expect(breaker.wait(1)).toBe(0);
    breaker.failed(10);
    expect(breaker.wait(60)).toBe(50);
    expect(breaker.wait(110)).toBe(0);
    expect(breaker.wait(110)).toBe(100);
    breaker.failed(120);
    expect(breaker.wait(219)).toBe(1);
    expect(breaker.wait(220)).toBe(0);
    breaker.abandoned();
    expect(breaker.wait(221)).toBe(0);
    breaker.succeeded();
    expect([breaker.wait(222), breaker.wait(222)]).toEqual([0, 0]);
  });
});
