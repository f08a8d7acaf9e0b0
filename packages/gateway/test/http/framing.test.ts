import { once } from 'node:events';
import { type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createListener } from '../../src/http/listener.ts';
import { asGatewayError, sendProblem } from '../../src/http/problem.ts';
import { readBody } from '../../src/http/read-body.ts';
import { requestHead } from '../../src/http/request-head.ts';

/** What was read of requests, whole: what the model server would be sent. */
const seen: { readonly path: string; readonly body: string }[] = [];
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createListener(
    (message, response) => {
      void (async () => {
        try {
          const head = requestHead(message);
          const body = await readBody(message, head, 1000);
          seen.push({ path: head.path, body: body.toString('latin1') });
          response.end('ok');
        } catch (error) {
          sendProblem(response, asGatewayError(error), '00000000-0000-4000-8000-000000000000');
        }
      })();
    },
    { times: { head: 400, request: 600, idle: 500 } },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Everything that comes back for bytes, until the other side ends the connection or is quiet for a while. */
async function exchange(bytes: string, quietMs = 150): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  let answer = '';
  socket.on('data', (piece: string) => {
    answer += piece;
  });
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  socket.setTimeout(quietMs, () => socket.destroy());
  await once(socket, 'close');
  return answer;
}

const head = (lines: readonly string[], body = ''): string =>
  ['POST /v2/models/m/infer HTTP/1.1', 'host: h', ...lines, '', body].join('\r\n');

describe('a request whose end is certain', () => {
  test.each([
    ['a length', head(['content-length: 5'], 'hello'), 'hello'],
    ['chunks', head(['transfer-encoding: chunked'], '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'), 'hello'],
    ['no body', head([]), ''],
    ['one that could have waited', head(['expect: 100-continue', 'content-length: 1'], 'x'), 'x'],
    ['an identity that changes nothing', head(['content-length: 1', 'content-encoding: identity'], 'x'), 'x'],
  ])('is read: %s', async (_, bytes, body) => {
    seen.length = 0;
    expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toEqual([{ path: '/v2/models/m/infer', body }]);
  });

  test('is followed by the next on the same connection', async () => {
    seen.length = 0;
    const one = head(['content-length: 1'], '1');
    const answers = await exchange(`${one}${one.replace('\r\n\r\n1', '\r\n\r\n2')}`);
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(seen.map(({ body }) => body)).toEqual(['1', '2']);
  });
});

/** RFC 9112 sections 2.2, 5, 6 and 11.2; each could be understood otherwise by a server behind. */
describe('a request that could be understood in two ways', () => {
  const smuggled = 'GET /admin HTTP/1.1\r\nhost: h\r\n\r\n';
  test.each([
    ['two equal lengths', head(['content-length: 5', 'content-length: 5'], 'hello')],
    ['two lengths', head(['content-length: 5', 'content-length: 6'], 'hello!')],
    ['a list of lengths', head(['content-length: 5, 5'], 'hello')],
    ['a length and a coding', head(['content-length: 5', 'transfer-encoding: chunked'], '0\r\n\r\n')],
    ['a coding and a length', head(['transfer-encoding: chunked', 'content-length: 5'], `0\r\n\r\n${smuggled}`)],
    ['two codings', head(['transfer-encoding: chunked', 'transfer-encoding: identity'], '0\r\n\r\n')],
    ['a coding that is a list', head(['transfer-encoding: gzip, chunked'], '0\r\n\r\n')],
    ['a coding in capitals', head(['transfer-encoding: CHUNKED'], '0\r\n\r\n')],
    ['a coding that is none', head(['transfer-encoding: xchunked'], '0\r\n\r\n')],
    ['a coding behind a tab', head(['transfer-encoding:\tchunked\t,'], '0\r\n\r\n')],
    ['a length with a sign', head(['content-length: +5'], 'hello')],
    ['a length in hexadecimal', head(['content-length: 0x5'], 'hello')],
    ['a length with a zero before', head(['content-length: 05'], 'hello')],
    ['a length below nothing', head(['content-length: -1'], 'hello')],
    ['an empty length', head(['content-length: '], 'hello')],
    ['a length that no number holds', head(['content-length: 99999999999999999999'], 'hello')],
    ['a blank before the colon', head(['content-length : 5'], 'hello')],
    ['a folded header', head(['x-a: 1', ' content-length: 5', 'content-length: 1'], 'h')],
    ['a header twice', head(['x-request-id: 1', 'x-request-id: 2'])],
    ['a header twice in other letters', head(['X-Request-Id: 1', 'x-request-id: 2'])],
    ['two hosts', 'GET /v2 HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n'],
    ['no host', 'GET /v2 HTTP/1.1\r\n\r\n'],
    ['a bare line feed', 'GET /v2 HTTP/1.1\nhost: h\n\n'],
    ['a bare carriage return', 'GET /v2 HTTP/1.1\r\nhost: h\rx: y\r\n\r\n'],
    ['a chunk size with a sign', head(['transfer-encoding: chunked'], '+5\r\nhello\r\n0\r\n\r\n')],
    ['a chunk size in hexadecimal notation', head(['transfer-encoding: chunked'], '0x5\r\nhello\r\n0\r\n\r\n')],
    ['a chunk that ends with a line feed', head(['transfer-encoding: chunked'], '5\r\nhello\n0\r\n\r\n')],
    ['a chunk that is longer', head(['transfer-encoding: chunked'], '4\r\nhello\r\n0\r\n\r\n')],
    ['a trailer', head(['transfer-encoding: chunked', 'trailer: x'], '1\r\nh\r\n0\r\nx: y\r\n\r\n')],
    ['a trailer that nobody spoke of', head(['transfer-encoding: chunked'], '1\r\nh\r\n0\r\nx: y\r\n\r\n')],
    ['a body of a GET', 'GET /v2 HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\nx'],
    ['an upgrade', head(['connection: upgrade', 'upgrade: websocket'])],
    [
      'an upgrade to HTTP/2',
      head(['connection: upgrade, http2-settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__']),
    ],
    ['a connection that takes a header along', head(['connection: x-api-key'])],
    ['something that is expected before no body', head(['expect: 100-continue'])],
    ['several things that are expected', head(['expect: 100-continue, x', 'content-length: 1'], 'x')],
    ['something else that is expected', head(['expect: whatever', 'content-length: 1'], 'x')],
    ['an older version', 'GET /v2 HTTP/1.0\r\nhost: h\r\n\r\n'],
    ['a version that is none', 'GET /v2 HTTP/1.9\r\nhost: h\r\n\r\n'],
    ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['NUL in a header', head(['x-a: a\u0000b'])],
    ['a whole address', 'GET http://elsewhere/v2 HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['an address of everything', 'OPTIONS * HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a method that tunnels', 'CONNECT elsewhere:443 HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a method that repeats what was sent', 'TRACE /v2 HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['an escaped slash', 'GET /v2%2f..%2fadmin HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a folder above', 'GET /v2/../admin HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['nothing between slashes', 'GET //elsewhere/v2 HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a backslash', 'GET /v2\\..\\admin HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a query', 'GET /v2?x=1 HTTP/1.1\r\nhost: h\r\n\r\n'],
    ['a fragment', 'GET /v2#x HTTP/1.1\r\nhost: h\r\n\r\n'],
  ])('is refused, and nothing of it is read as another: %s', async (_, bytes) => {
    seen.length = 0;
    const answer = await exchange(bytes);
    // A CONNECT is cut without a word: there is no response to it that a proxy in between could not take for a tunnel.
    if (answer !== '') {
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
      expect([400, 404, 413, 417]).toContain(status);
      if (answer.includes('\r\n\r\n{')) {
        const codes = { 400: 'HF_GATEWAY_FRAMING', 404: 'HF_GATEWAY_NOT_FOUND', 417: 'HF_GATEWAY_EXPECTATION' };
        const code = (codes as Record<number, string>)[status] ?? 'HF_GATEWAY_TOO_LARGE';
        expect(answer).toContain(`"title":"${code}"`);
      }
    }
    expect(seen).toEqual([]);
    expect(answer.match(/HTTP\/1\.1 200/)).toBeNull();
  });
});

describe('what takes too much', () => {
  test('a body that says so is refused before it comes', async () => {
    const answer = await exchange(head(['content-length: 1001']));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('connection: close');
  });

  test('a body in chunks is refused when it is too long, and the rest of it is no request', async () => {
    seen.length = 0;
    const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`;
    const rest = 'GET /v2 HTTP/1.1\r\nhost: h\r\n\r\n';
    const answer = await exchange(head(['transfer-encoding: chunked'], `${chunk.repeat(3)}0\r\n\r\n${rest}`));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test('a head without end', async () => {
    const answer = await exchange(head(Array.from({ length: 400 }, (_, at) => `x-${at}: ${'y'.repeat(60)}`)));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('headers without end, each of them short: none is left out', async () => {
    seen.length = 0;
    const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `x-${at}: y`);
    expect(await exchange(head(lines(63)))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await exchange(head(lines(64)))).toMatch(/^HTTP\/1\.1 413 [^]*HF_GATEWAY_TOO_LARGE/);
    expect(await exchange(head([...lines(100), 'x-1: z']))).toMatch(/^HTTP\/1\.1 413 /);
    expect(seen).toHaveLength(1);
  });

  test('a head that comes slowly is cut', async () => {
    expect(await exchange('POST /v2 HTTP/1.1\r\nhost: h\r\n', 3000)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a body that comes slowly is cut', async () => {
    expect(await exchange(head(['content-length: 5'], 'he'), 3000)).toMatch(/^HTTP\/1\.1 408 [^]*HF_GATEWAY_TOO_SLOW/);
  });

  test('a body that ends early is nobody’s', async () => {
    seen.length = 0;
    const socket = connect(port, '127.0.0.1');
    socket.end(head(['content-length: 5'], 'he'));
    socket.resume();
    await once(socket, 'close');
    expect(seen).toEqual([]);
  });
});

test('whatever bytes come, they are answered or cut, and the next request is served', async () => {
  const token = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    ' ',
    ':',
    'content-length',
    'transfer-encoding',
    'chunked',
    '5',
    'host: h',
    '\u0000',
    'GET /v2 HTTP/1.1',
    '0\r\n\r\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(token, fc.string({ maxLength: 8 })), { maxLength: 20 }), async (tokens) => {
      await exchange(tokens.join(''), 20);
    }),
    { numRuns: 60 },
  );
  expect(await exchange(head(['content-length: 5'], 'hello'))).toMatch(/^HTTP\/1\.1 200 /);
});
