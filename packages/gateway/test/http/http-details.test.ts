import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { temporaryFolder } from '@holdfast/testkit';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createListener, type TlsMaterial } from '../../src/http/listener.ts';
import { sendBody } from '../../src/http/slow-readers.ts';
import { openInference } from '../../src/protocols/open-inference/open-inference.ts';
import {
  type Answering,
  rawCaller,
  type StreamGateway,
  type StreamScene,
  streamGateway,
} from '../serve/stream-scene.ts';

const open: StreamGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

const protocol = openInference({ served: 'm' });
const answer = '{"model_name":"m","outputs":[{"name":"p","datatype":"FP32","shape":[1,1],"data":[0.5]}]}';
const answers: Answering = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(answer);
};

async function gatewayOf(answering: Answering = answers, scene: StreamScene = {}): Promise<StreamGateway> {
  const gateway = await streamGateway(answering, { protocol, ...scene });
  open.push(gateway);
  return gateway;
}

const infer = (bytes: string, more = ''): string =>
  `POST /v2/models/m/infer HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nconnection: close\r\n${more}content-length: ${bytes.length}\r\n\r\n${bytes}`;
const good = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}';

describe('HTTP', () => {
  test('a HEAD has the head of a refusal, and no body', async () => {
    const { port } = await gatewayOf();
    const text = await rawCaller(port, 'HEAD /v2/models/m HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n').ended;
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('');
  });

  test('a body that curl asks about first is asked for', async () => {
    const { port, logged } = await gatewayOf();
    const folder = temporaryFolder();
    // It asks by itself where there is more than a mebibyte.
    const data = `${'1.25,'.repeat(99_999)}1.25${' '.repeat(2 ** 20)}`;
    writeFileSync(
      join(folder, 'body.json'),
      `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,100000],"data":[${data}]}]}`,
    );
    const words = ['-sS', '-v', '-H', 'content-type: application/json', '--data-binary'];
    const curl = spawn('curl', [
      ...words,
      `@${join(folder, 'body.json')}`,
      `http://127.0.0.1:${port}/v2/models/m/infer`,
    ]);
    let [said, told] = ['', ''];
    curl.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    curl.stderr.on('data', (piece: Buffer) => {
      told += piece.toString();
    });
    const [code] = (await once(curl, 'close')) as [number];
    expect([code, said, logged[0]?.rows]).toEqual([0, answer, 1]);
    expect(told).toMatch(/< HTTP\/1\.1 100 Continue[^]*< HTTP\/1\.1 200 OK/);
  });

  test('a body that is not wanted is not asked for: the refusal comes first, and the connection ends', async () => {
    const caller = { id: 'a', name: 'a', roles: [], tenant: 'a' };
    const { port } = await gatewayOf(answers, {
      authorise: ({ id }) => id !== caller.id,
      authenticator: { authenticate: () => caller, close: () => undefined },
    });
    const awaited = (length: number): string =>
      `POST /v2/models/m/infer HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await rawCaller(port, awaited(9)).ended).toMatch(/^HTTP\/1\.1 403 /);
    const other = await gatewayOf();
    expect(await rawCaller(other.port, awaited(99_999_999)).ended).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a request that expects something else has 417, and its connection ends', async () => {
    const { port } = await gatewayOf();
    const something = infer(good, 'expect: whatever\r\n');
    expect(await rawCaller(port, something).ended).toMatch(/^HTTP\/1\.1 417 [^]*HF_GATEWAY_EXPECTATION/);
    const nothing = 'POST /x HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n';
    expect(await rawCaller(port, nothing).ended).toMatch(/^HTTP\/1\.1 417 [^]*HF_GATEWAY_EXPECTATION/);
  });

  test('what a model server sends before and after its answer stays there', async () => {
    const { port } = await gatewayOf((response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'x-secret', 'x-internal': 'host-7' });
      response.write(answer);
      response.addTrailers({ 'x-secret': 'inside' });
      response.end();
    });
    const text = await rawCaller(port, infer(good)).ended;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(answer);
    expect(text).not.toMatch(/x-secret|inside|x-internal|host-7|103|preload/);
  });

  test('a trailer of a request is refused, and nothing of it is passed on', async () => {
    let asked = 0;
    const { port } = await gatewayOf((response, message, body) => {
      asked += 1;
      answers(response, message, body);
    });
    const chunked = `POST /v2/models/m/infer HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${good.length.toString(16)}\r\n${good}\r\n0\r\n`;
    expect(await rawCaller(port, `${chunked}x-more: y\r\n\r\n`).ended).toMatch(
      /^HTTP\/1\.1 400 [^]*HF_GATEWAY_FRAMING/,
    );
    expect(asked).toBe(0);
    expect(await rawCaller(port, `${chunked}\r\n`).ended).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('TLS', () => {
  let tls: TlsMaterial;
  let ca = '';
  beforeAll(() => {
    const folder = temporaryFolder();
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', 'cert.pem', ...subject], { cwd: folder, stdio: 'ignore' });
    ca = readFileSync(join(folder, 'cert.pem'), 'utf8');
    tls = { certificate: ca, key: readFileSync(join(folder, 'key.pem'), 'utf8') };
  });

  /** What is agreed on with a client of these options; its error where nothing is. */
  async function agreed(port: number, options: ConnectionOptions): Promise<string> {
    const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options });
    try {
      await once(socket, 'secureConnect');
      return `${socket.getProtocol()} ${socket.alpnProtocol}`;
    } catch (error) {
      return (error as { code?: string }).code ?? 'cut';
    } finally {
      socket.destroy();
    }
  }

  test('is 1.3 and speaks HTTP/1.1 only', async () => {
    const { port } = await gatewayOf(answers, { tls });
    expect(await agreed(port, {})).toBe('TLSv1.3 false');
    expect(await agreed(port, { ALPNProtocols: ['h2', 'http/1.1'] })).toBe('TLSv1.3 http/1.1');
    expect(await agreed(port, { ALPNProtocols: ['h2'] })).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
    expect(await agreed(port, { maxVersion: 'TLSv1.2' })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('carries a request and its answer', async () => {
    const { port } = await gatewayOf(answers, { tls });
    const agent = new Agent({ ca, servername: 'localhost' });
    const headers = { 'content-type': 'application/json', 'content-length': good.length };
    const asked = request({
      ...{ port, host: '127.0.0.1', method: 'POST', path: '/v2/models/m/infer', agent, headers },
    });
    asked.end(good);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.setEncoding('utf8');
    let text = '';
    for await (const piece of response) text += piece as string;
    agent.destroy();
    expect([response.statusCode, text]).toEqual([200, answer]);
  });

  test.each([
    ['never says a word of TLS', ''],
    ['begins it and falls silent', '\u0016\u0003\u0001\u0002\u0000'],
    ['speaks plain HTTP', infer(good)],
  ])('a caller who %s is cut', async (_, bytes) => {
    const { port } = await gatewayOf(answers, { tls, times: { head: 300, request: 600, idle: 5000 } });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(bytes, 'latin1');
    await once(socket, 'close');
  });

  test('that is not agreed on yet keeps no gateway from closing', async () => {
    const gateway = await gatewayOf(answers, { tls });
    const socket = connect(gateway.port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    socket.write('\u0016\u0003');
    expect(await agreed(gateway.port, {})).toBe('TLSv1.3 false');
    await gateway.close();
    open.splice(0);
    await closed;
  });

  test('cuts a caller who does not take the answer, too', async () => {
    const long = Buffer.alloc(32 * 2 ** 20, 'x');
    let closed = 0;
    const server = createListener(
      (_, response) => {
        response.on('close', () => {
          closed += 1;
        });
        sendBody(response, long, undefined);
      },
      { tls, times: { head: 1000, request: 1000, idle: 5000, read: 300 } },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.pause();
    socket.write('GET /x HTTP/1.1\r\nhost: h\r\n\r\n');
    await expect.poll(() => closed, { timeout: 10_000 }).toBe(1);
    socket.destroy();
    server.close();
  });
});
