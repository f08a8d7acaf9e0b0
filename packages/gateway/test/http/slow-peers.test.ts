import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type CallerTimes, createListener } from '../../src/http/listener.ts';
import { asGatewayError, sendProblem } from '../../src/http/problem.ts';
import { readBody } from '../../src/http/read-body.ts';
import { requestHead } from '../../src/http/request-head.ts';
import { sendBody } from '../../src/http/slow-readers.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const MiB = 2 ** 20;
/** More than the system keeps for both ends of a connection. */
const long = Buffer.alloc(32 * MiB, 'x');

async function listening(
  times: CallerTimes,
  answer: (response: ServerResponse) => void = (response) => response.end('ok'),
): Promise<{ port: number; closed: () => number }> {
  let closed = 0;
  const server = createListener(
    (message, response) => {
      response.on('close', () => {
        if (!response.writableFinished) closed += 1;
      });
      void (async () => {
        try {
          const head = requestHead(message);
          await readBody(message, head, 1000);
          answer(response);
        } catch (error) {
          sendProblem(response, asGatewayError(error), '00000000-0000-4000-8000-000000000000');
        }
      })();
    },
    { times },
  );
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, closed: () => closed };
}

const times = { head: 300, request: 600, idle: 10_000, read: 300 };
const get = 'GET /x HTTP/1.1\r\nhost: h\r\n\r\n';
const sendLong =
  (readMs?: number) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': long.length });
    sendBody(response, long, readMs);
  };

/** A caller who takes so much of an answer at a time, in steps of what one read gives. */
function reader(port: number, bytes: number, everyMs: number): { taken: () => number; isCut: () => boolean } {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let [taken, allowed, isCut] = [0, 0, false];
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    taken += piece.length;
    if (taken > allowed) socket.pause();
  });
  socket.pause();
  socket.write(get);
  const timer = setInterval(() => {
    allowed = Math.max(allowed, taken) + bytes;
    socket.resume();
  }, everyMs);
  socket.on('close', () => {
    clearInterval(timer);
    isCut = true;
  });
  return { taken: () => taken, isCut: () => isCut };
}

describe.concurrent('a caller who does not take its answer', () => {
  test('is cut', async () => {
    const { port, closed } = await listening(times, sendLong());
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.pause();
    socket.write(get);
    await expect.poll(closed, { timeout: 10_000 }).toBe(1);
  });

  test('is cut when it takes a little at a time', async () => {
    const { port, closed } = await listening({ ...times, read: 150 }, sendLong());
    const { taken } = reader(port, 1, 200);
    await expect.poll(closed, { timeout: 10_000 }).toBe(1);
    expect(taken()).toBeLessThan(long.length);
  });

  test('is cut when it asks again and again and takes nothing', async () => {
    const { port, closed } = await listening({ ...times, read: 200 }, (response) =>
      response.end(long.subarray(0, 60_000)),
    );
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(get.repeat(400));
    await expect.poll(closed, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  test('is not cut while it takes enough, however long that is', async () => {
    const { port } = await listening({ ...times, read: 1000 }, sendLong());
    const { taken, isCut } = reader(port, MiB / 2, 30);
    await expect.poll(taken, { timeout: 20_000 }).toBeGreaterThan(long.length);
    expect(isCut()).toBe(false);
  });

  test('has the time that its route gives it', async () => {
    const { port, closed } = await listening({ ...times, read: 60_000 }, sendLong(200));
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.pause();
    socket.write(get);
    await expect.poll(closed, { timeout: 10_000 }).toBe(1);
  });

  test('is not cut while nothing waits for it', async () => {
    const { port } = await listening({ ...times, read: 50 }, (response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 400);
    });
    const response = await fetch(`http://127.0.0.1:${port}/x`);
    expect(await response.text()).toBe('ab');
  });
});

/** Everything that comes back until the connection ends. */
async function answerTo(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (piece: string) => {
    answer += piece;
  });
  await once(socket, 'close');
  return answer;
}

describe.concurrent('a caller who sends slowly', () => {
  test.each([
    ['nothing at all', ''],
    ['a head that does not end', 'POST /x HTTP/1.1\r\nhost: h\r\n'],
    ['a body that does not come', 'POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\n'],
    ['a chunk that does not come', 'POST /x HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab'],
  ])('%s is cut', async (_, bytes) => {
    const { port } = await listening(times);
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.write(bytes);
    const answer = await answerTo(socket);
    expect(answer === '' || answer.startsWith('HTTP/1.1 408 ')).toBe(true);
  });

  test.each([
    ['a head', (at: number) => (at === 0 ? 'POST /x HTTP/1.1\r\nhost: h\r\n' : `x-${at}: y\r\n`)],
    ['a body', (at: number) => (at === 0 ? 'POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: 900\r\n\r\n' : 'x')],
    [
      'chunks',
      (at: number) => (at === 0 ? 'POST /x HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n' : '1\r\nx\r\n'),
    ],
  ])('%s piece by piece is cut, though never still', async (_, piece) => {
    const { port } = await listening(times);
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let at = 0;
    const timer = setInterval(() => socket.write(piece(at++)), 30);
    const answer = await answerTo(socket);
    clearInterval(timer);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*HF_GATEWAY_TOO_SLOW/);
  });
});
