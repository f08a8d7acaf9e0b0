import { readFileSync, statSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { EgressOptions, EgressProxy } from '@holdfast/sandbox/egress/proxy';
import { openEgressProxy } from '@holdfast/sandbox/egress/proxy';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Certificate, EgressScene, makeCertificate, needsOpenssl, type Relay } from './egress-scene.ts';
import { helloBytes, inRecords } from './hello-bytes.ts';

let scene: EgressScene;
let proxy: EgressProxy | undefined;
let certificate: Certificate | undefined;

beforeEach(() => {
  scene = new EgressScene();
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  scene.remove();
});

async function open(hosts: readonly string[], more: Partial<EgressOptions> = {}): Promise<EgressProxy> {
  proxy = await openEgressProxy({ hosts, socket: scene.socket, ...more });
  return proxy;
}

function client(): Socket {
  return connectSocket({ path: scene.socket, allowHalfOpen: true }).on('error', () => undefined);
}

/** Sends, and reads until the proxy hangs up. */
async function ask(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const socket = client();
  const answer = text(socket.setEncoding('latin1')).catch(() => 'broken off');
  for (const part of parts) socket.write(part);
  return answer;
}

/** A tunnel that is ready for a hello. */
async function tunnel(target: string): Promise<Socket> {
  const socket = client();
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const head = await new Promise<string>((resolve, reject) => {
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString('latin1'));
    });
    socket.once('close', () => {
      reject(new Error('closed'));
    });
  });
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(head);
  return socket;
}

async function secure(target: string, servername: string, ca: string): Promise<TLSSocket> {
  const socket = connectTls({ socket: await tunnel(target), servername, ca });
  await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject));
  return socket;
}

/** A peer that keeps what it gets and answers when the other side has finished. */
async function sink(): Promise<{ port: number; connections: () => number; bytes: () => Buffer }> {
  const chunks: Buffer[] = [];
  let connections = 0;
  const port = await scene.raw((socket) => {
    connections += 1;
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => socket.end('answer'));
  });
  return { port, connections: () => connections, bytes: () => Buffer.concat(chunks) };
}

describe('TLS through the egress proxy', () => {
  let relay: Relay;
  beforeEach(async (context) => {
    needsOpenssl(context);
    certificate ??= makeCertificate('localhost', 'other.example');
    relay = await scene.relay(await scene.tls(certificate));
  });

  it('reaches a declared host, with its certificate verified, and is counted as the relay behind it counts', async () => {
    const { account } = await open([`localhost:${relay.port}`]);
    const body = 'x'.repeat(3_000_000);
    for (const length of [0, body.length]) {
      const socket = await secure(`localhost:${relay.port}`, 'localhost', certificate!.certificate);
      const head = `POST /p HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
      socket.write(`${head}${body.slice(0, length)}`);
      expect(await text(socket)).toMatch(new RegExp(`hello POST /p x{${length > 0 ? 1000 : 0},}`));
      socket.destroy();
    }
    await relay.finished();
    expect(relay.sentBytes).toBeGreaterThan(body.length);
    expect(relay.receivedBytes).toBeGreaterThan(body.length);
    const { port, sentBytes, receivedBytes } = relay;
    const peer = { host: 'localhost', port, addresses: ['127.0.0.1'], connections: 2, sentBytes, receivedBytes };
    expect(account()).toEqual({ peers: [peer], refused: [] });
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'LocalHost.'])('takes the name as %s', async (spelling) => {
    await open([`localhost:${relay.port}`]);
    const socket = await secure(`${spelling}:${relay.port}`, 'localhost', certificate!.certificate);
    socket.end('GET /named HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toContain('hello GET /named');
  });

  it('is refused when its hello names another host, and the peer hears nothing', async () => {
    const { account } = await open([`localhost:${relay.port}`]);
    const target = `localhost:${relay.port}`;
    const attempt = secure(target, 'other.example', certificate!.certificate);
    await expect(attempt).rejects.toThrow(/unrecognized.name/i); // the alert 112 of RFC 8446 section 6
    const reason = 'was sent a TLS hello for `other.example`';
    expect(account()).toEqual({ peers: [], refused: [{ target, reason, count: 1 }] });
    expect(relay.connections).toBe(0);
  });
});

describe('the hello of a tunnel', () => {
  it('reaches the peer byte for byte, however it is cut, with what comes behind it', async () => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`]);
    const target = `localhost:${peer.port}`;
    const records = inRecords(helloBytes({ serverName: 'localhost' }).subarray(5), [3, 1, 40]);
    const bytes = Buffer.concat([records, Buffer.from('1403030001011703030003616263', 'hex')]);
    const socket = await tunnel(target);
    for (let at = 0; at < bytes.length; at += 11) {
      socket.write(bytes.subarray(at, at + 11));
      await new Promise(setImmediate);
    }
    socket.end();
    expect(await text(socket)).toBe('answer');
    expect(peer.bytes().toString('hex')).toBe(bytes.toString('hex'));
    const counts = { connections: 1, sentBytes: bytes.length, receivedBytes: 'answer'.length };
    expect(account().peers).toEqual([{ host: 'localhost', port: peer.port, addresses: ['127.0.0.1'], ...counts }]);
  });

  it('may come in one segment with the request', async () => {
    const peer = await sink();
    await open([`localhost:${peer.port}`]);
    const hello = helloBytes({ serverName: 'localhost' });
    const socket = client();
    socket.end(Buffer.concat([Buffer.from(`CONNECT localhost:${peer.port} HTTP/1.1\r\n\r\n`), hello]));
    expect(await text(socket)).toBe('HTTP/1.1 200 Connection established\r\n\r\nanswer');
    expect(peer.bytes().equals(hello)).toBe(true);
  });

  const vectors = join(import.meta.dirname, '../../../spec/vectors/must-fail/client-hello.json');
  const { hellos } = JSON.parse(readFileSync(vectors, 'utf8')) as { hellos: { hello: string; reason: string }[] };

  it('is refused for each vector that must fail, and the peer hears nothing', async () => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`]);
    for (const { hello } of hellos) {
      const socket = await tunnel(`localhost:${peer.port}`);
      socket.write(Buffer.from(hello, 'hex'));
      await text(socket.setEncoding('latin1')).catch(() => '');
    }
    const { peers, refused } = account();
    expect(peers).toEqual([]);
    expect(peer.connections()).toBe(0);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(hellos.map(({ reason }) => reason)));
    expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(hellos.length);
  });

  it.each([
    ['that never comes', 'was sent no TLS hello in time', []],
    ['that stops half-way', 'was sent no TLS hello in time', [helloBytes({ serverName: 'localhost' }).subarray(0, 60)]],
    [
      'that is larger than it may be',
      'was sent a TLS hello that is too large',
      [Buffer.alloc(600, '16030100ff', 'hex')],
    ],
  ])('is refused %s', async (_, reason, parts) => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`], { bounds: { helloMs: 300, helloBytes: 500 } });
    const socket = await tunnel(`localhost:${peer.port}`);
    for (const part of parts) socket.write(part);
    await text(socket.setEncoding('latin1')).catch(() => '');
    expect(account()).toEqual({ peers: [], refused: [{ target: `localhost:${peer.port}`, reason, count: 1 }] });
    expect(peer.connections()).toBe(0);
  });

  it('is told in plain words that it is none, when HTTP comes in its place', async () => {
    const peer = await sink();
    await open([`localhost:${peer.port}`]);
    const answer = await ask(`CONNECT localhost:${peer.port} HTTP/1.1\r\n\r\n`, 'GET / HTTP/1.1\r\n\r\n');
    expect(answer).toMatch(
      /^HTTP\/1.1 200 .*\r\n\r\nHTTP\/1.1 400 [^]*holdfast: the target was not spoken to in TLS\n$/,
    );
    expect(peer.connections()).toBe(0);
  });

  it('is refused when the client leaves before it', async () => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`]);
    const target = `localhost:${peer.port}`;
    (await tunnel(target)).end();
    (await tunnel(target)).destroy();
    await vi.waitFor(() => {
      expect(proxy?.account().refused[0]?.count).toBe(2);
    });
    expect(account().refused).toEqual([{ target, reason: 'was sent no TLS hello', count: 2 }]);
    expect(peer.connections()).toBe(0);
  });
});

describe('the target of a request', () => {
  it.each([
    ['CONNECT other.example:443', 'other.example:443', 'is not a declared host'],
    ['CONNECT localhost:1', 'localhost:1', 'is another port of a declared host'],
    ['CONNECT 127.0.0.1:PORT', '127.0.0.1:PORT', 'is an address, not a name'],
    ['CONNECT [::1]:PORT', '[::1]:PORT', 'is an address, not a name'],
    ['CONNECT [::ffff:127.0.0.1]:PORT', '[::ffff:127.0.0.1]:PORT', 'is an address, not a name'],
    ['CONNECT 2130706433:PORT', '2130706433:PORT', 'is an address, not a name'],
    ['CONNECT 0x7f.1:PORT', '0x7f.1:PORT', 'is an address, not a name'],
    ['CONNECT user@localhost:PORT', 'localhost:PORT', 'is no host name'],
    ['CONNECT localhost:PORT@other.example:443', 'other.example:443', 'is an address, not a name'],
    ['CONNECT localhost', 'localhost', 'is not HOST:PORT'],
    ['CONNECT localhost:0PORT', 'localhost:0PORT', 'is not HOST:PORT'],
    ['CONNECT localhost:0', 'localhost:0', 'is not HOST:PORT'],
    ['CONNECT localhost:99999', 'localhost:99999', 'is not HOST:PORT'],
    ['CONNECT localhost%00:PORT', 'localhost%00:PORT', 'is an address, not a name'],
    ['GET http://other.example/secret?token=1', 'http://other.example', 'is not a declared host'],
    ['GET http://localhost:1/', 'http://localhost:1', 'is another port of a declared host'],
    ['GET http://localhost/', 'http://localhost', 'is another port of a declared host'],
    ['GET http://127.0.0.1:PORT/', 'http://127.0.0.1:PORT', 'is an address, not a name'],
    ['GET http://[::1]:PORT/', 'http://[::1]:PORT', 'is an address, not a name'],
    ['GET http://user:secret@localhost:PORT/', 'http://localhost:PORT', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['GET http://localhost:PORT@other.example/', 'http://other.example', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['GET http:///localhost:PORT/', 'http://', 'is no host name'],
    ['GET http://other.example\\@localhost:PORT/', '(not a request)', 'was not understood (HPE_INVALID_URL)'],
    ['GET http://localhost:PORT/\xe9', '(not a request)', 'was not understood (HPE_INVALID_URL)'],
    ['GET https://localhost:PORT/', 'https://localhost:PORT', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['GET ftp://localhost:PORT/', 'ftp://localhost:PORT', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['GET /secret', '/', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['OPTIONS *', '*', 'is not CONNECT, nor http://HOST:PORT/PATH'],
    ['GET http://localhost:443/', 'http://localhost:443', 'is open for TLS only'],
    ['GET http://tls.example:443/', 'http://tls.example:443', 'is open for TLS only'],
  ])('is refused, and shown without secrets: %s', async (line, target, reason) => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`, 'localhost:443', 'tls.example']);
    const at = (words: string): string => words.replace('PORT', String(peer.port));
    expect(await ask(Buffer.from(`${at(line)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 'latin1'))).toMatch(
      /^HTTP\/1.1 40[03] /,
    );
    expect(account()).toEqual({ peers: [], refused: [{ target: at(target), reason, count: 1 }] });
    expect(peer.connections()).toBe(0);
  });

  it('never leads to a peer unless it is the declared one, spelled as a name', async () => {
    const peer = await sink();
    await open([`localhost:${peer.port}`]);
    const port = String(peer.port);
    const pieces = ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]', port, ':', ':', '.', '@', '/', '\\', '#', '?', '%'];
    const odd = ['\t', '\0', '\x7f', '\xe9', ';', '%0d%0a', 'http://', 'x', '0', '1', '-', '&', '=', ','];
    const piece = fc.constantFrom(...pieces, ...odd);
    const target = fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const near = fc.tuple(piece, fc.nat(15)).map(([part, at]) => splice(`localhost:${port}`, at, part));
    const whole = new RegExp(`^localhost\\.?:${port}$`, 'i');
    await fc.assert(
      fc.asyncProperty(fc.oneof(target, near), fc.boolean(), async (words, isTunnel) => {
        const before = peer.connections();
        const hello = helloBytes({ serverName: 'localhost' });
        const line = isTunnel ? `CONNECT ${words}` : `GET http://${words}`;
        const request = Buffer.from(
          `${line} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`,
          'latin1',
        );
        const socket = client();
        socket.end(isTunnel ? Buffer.concat([request, hello]) : request);
        await text(socket.setEncoding('latin1')).catch(() => '');
        const authority = isTunnel ? words : (/^([^/?]*)/.exec(words)?.[1] ?? '');
        expect(peer.connections() - before).toBe(whole.test(authority) && !words.includes('#') ? 1 : 0);
      }),
      { numRuns: 400 },
    );
  });
});

function splice(words: string, at: number, part: string): string {
  return `${words.slice(0, at)}${part}${words.slice(at)}`;
}

describe('a request without TLS', () => {
  let port: number;
  beforeEach(async () => {
    port = await scene.plain();
    await open([`localhost:${port}`]);
  });

  const reasons = (): string[] => proxy!.account().refused.map(({ reason }) => reason);

  it('reaches a declared port in origin-form, with its body, and is counted as the relay counts', async () => {
    const relay = await scene.relay(port);
    await proxy?.close();
    const { account } = await open([`localhost:${relay.port}`]);
    const target = `localhost:${relay.port}`;
    const chunked = `Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n`;
    for (const [body, url] of [
      ['Content-Length: 5\r\n\r\nabcde', `http://${target}/a?b=c`],
      [chunked, `HTTP://LOCALHOST.:${relay.port}?b`],
    ]) {
      const answer = await ask(`POST ${url} HTTP/1.1\r\nHost: ${target}\r\nProxy-Connection: x\r\n${body}`);
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\nConnection: close\r\n[^]*abcde/);
    }
    expect(scene.received.map(({ url, body }) => [url, body])).toEqual([
      ['/a?b=c', 'abcde'],
      ['/?b', 'abcde'],
    ]);
    for (const { rawHeaders } of scene.received) {
      expect(rawHeaders).toEqual(expect.arrayContaining(['Host', target, 'Via', '1.1 holdfast']));
      expect(rawHeaders.join()).not.toMatch(/proxy|trailer/i);
    }
    await relay.finished();
    const { sentBytes, receivedBytes } = relay;
    expect(sentBytes).toBeGreaterThan(100);
    const counts = { connections: 2, sentBytes, receivedBytes };
    expect(account().peers).toEqual([{ host: 'localhost', port: relay.port, addresses: ['127.0.0.1'], ...counts }]);
  });

  it('is passed on with neither the headers of its connection nor those for the proxy', async () => {
    const own = ['Connection: close, X-Own', 'X-Own: 1', 'Keep-Alive: 5', 'Upgrade: websocket', 'TE: trailers'];
    const lines = [...own, 'Proxy-Authorization: Basic c2VjcmV0', 'X-Kept: 2', 'Content-Length: 0'].join('\r\n');
    await ask(`GET http://localhost:${port}/ HTTP/1.1\r\nHost: localhost:${port}\r\n${lines}\r\n\r\n`);
    const [received] = scene.received;
    const names = received?.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    expect(names?.toSorted()).toEqual(['connection', 'content-length', 'host', 'via', 'x-kept']);
    expect(received?.rawHeaders).toEqual(expect.arrayContaining(['Connection', 'close', 'X-Kept', '2']));
  });

  it('keeps its length when a Connection header says to drop it', async () => {
    const inner = `GET /inner HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
    const head = `Host: localhost:${port}\r\nConnection: close, Content-Length, Host\r\nContent-Length: ${inner.length}`;
    await ask(`GET http://localhost:${port}/outer HTTP/1.1\r\n${head}\r\n\r\n${inner}`);
    expect(scene.received.map(({ url, body }) => [url, body])).toEqual([['/outer', inner]]);
  });

  it.each([
    ['another host', 'Host: other.example'],
    ['another port', 'Host: localhost:1'],
    ['no port, which is 80', 'Host: localhost'],
    ['two hosts', 'Host: localhost:PORT\r\nHost: other.example'],
    ['the same host twice', 'Host: localhost:PORT\r\nHost: localhost:PORT'],
    ['none', 'X-Host: localhost:PORT'],
    ['an address', 'Host: 127.0.0.1:PORT'],
    ['a user', 'Host: x@localhost:PORT'],
  ])('is refused when its Host header names %s', async (_, header) => {
    const line = header.replaceAll('PORT', String(port));
    expect(await ask(`GET http://localhost:${port}/ HTTP/1.1\r\n${line}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
    expect(reasons()).toEqual(['differs from the Host header']);
    expect(scene.received).toEqual([]);
  });

  // RFC 9112 sections 6.1, 6.3, 5.1, 5.2, 2.2
  it.each([
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    ['a length of 0x5', 'Content-Length: 0x5\r\n\r\nabcde'],
    ['a length of +5', 'Content-Length: +5\r\n\r\nabcde'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunks inside of another coding', 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['a blank before the colon', 'Content-Length : 5\r\n\r\nabcde'],
    ['a folded line', 'X-A: b\r\n Content-Length: 5\r\n\r\nabcde'],
    ['a bare line feed in a header', 'X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a bare carriage return in a header', 'X-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a NUL in a header', 'X-A: b\0c\r\n\r\n'],
    ['a chunk of a negative size', 'Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n'],
  ])('is not passed on with %s', async (_, rest) => {
    const answer = await ask(`POST http://localhost:${port}/ HTTP/1.1\r\nHost: localhost:${port}\r\n${rest}`);
    expect(answer).toMatch(/^(?:HTTP\/1.1 [45]|broken off)/);
    expect(reasons()).not.toEqual([]);
    expect(scene.received).toEqual([]);
  });

  it('cannot bring a second one with it: line breaks in the target', async () => {
    const second = `HTTP/1.1\r\nHost: localhost:${port}\r\n\r\nGET http://localhost:${port}/second`;
    await ask(`GET http://localhost:${port}/first ${second} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    expect(scene.received.map(({ url }) => url)).not.toContain('/second');
    expect(reasons()).toEqual(['is a second request on one connection']);
  });

  it('cannot bring a second one with it: CONNECT behind it', async () => {
    const peer = await sink();
    await proxy?.close();
    const { account } = await open([`localhost:${port}`, `localhost:${peer.port}`]);
    const head = `Host: localhost:${port}\r\n\r\n`;
    await ask(
      `GET http://localhost:${port}/ HTTP/1.1\r\n${head}CONNECT localhost:${peer.port} HTTP/1.1\r\n\r\n`,
      helloBytes({ serverName: 'localhost' }),
    );
    expect(peer.connections()).toBe(0);
    expect(account().refused.map(({ reason }) => reason)).toContain('is a second request on one connection');
  });

  it.each(['%0d%0aHost:%20other.example', '%0aX', '..%2f', '"<>"'])('keeps its path as it is: /%s', async (path) => {
    await ask(`GET http://localhost:${port}/${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    expect(scene.received.map(({ url }) => url)).toEqual([`/${path}`]);
  });

  it.each([
    ['breaks off', ''],
    ['speaks no HTTP', 'SSH-2.0-x\r\n'],
    ['breaks off in a header', 'HTTP/1.1 200 OK\r\nContent-'],
    ['sends a status that is none', 'HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n'],
    ['switches protocols', 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    [
      'sends a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['sends a head that never ends', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`],
  ])('gets an answer when the peer %s', async (_, bytes) => {
    const at = await scene.raw((socket) => socket.resume().end(bytes, 'latin1'));
    await proxy?.close();
    await open([`localhost:${at}`]);
    const answer = await ask(`GET http://localhost:${at}/ HTTP/1.1\r\nHost: localhost:${at}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 502 [^]*holdfast: the target broke off\n/);
    expect(reasons()).toEqual(['broke off']);
  });

  it('is cut where the peer breaks off, and nothing is made up for the rest', async () => {
    const at = await scene.raw((socket) => socket.resume().end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc'));
    await proxy?.close();
    await open([`localhost:${at}`]);
    const answer = await ask(`GET http://localhost:${at}/ HTTP/1.1\r\nHost: localhost:${at}\r\n\r\n`);
    expect(answer).toMatch(/^(?:HTTP\/1.1 200 OK\r\nContent-Length: 50\r\n[^]*\r\n\r\nabc|broken off)$/);
    expect(reasons()).toEqual(['broke off']);
  });

  it('brings back an answer without the headers of its connection, and without the words of its status', async () => {
    const lines = ['Connection: x-own', 'X-Own: 1', 'Keep-Alive: 5', 'Proxy-Authenticate: Basic', 'X-Kept: 2'];
    const head = `HTTP/1.1 203 F\x01ne\r\n${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const at = await scene.raw((socket) => socket.resume().end(`${head}3\r\nabc\r\n0\r\n\r\n`));
    await proxy?.close();
    await open([`localhost:${at}`]);
    const answer = await ask(`GET http://localhost:${at}/ HTTP/1.0\r\nHost: localhost:${at}\r\n\r\n`);
    expect(answer).toBe('HTTP/1.1 203 Non-Authoritative Information\r\nX-Kept: 2\r\nConnection: close\r\n\r\nabc');
  });
});

describe('bytes that nobody expects', () => {
  const change = fc.record({ at: fc.nat(200), drop: fc.nat(3), put: fc.uint8Array({ maxLength: 4 }) });
  const changed = (words: string) =>
    fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
      changes.reduce(
        (bytes, { at, drop, put }) => {
          const place = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + drop)]);
        },
        Buffer.from(words, 'latin1'),
      ),
    );
  const bounds = { idleMs: 300, headerMs: 400, helloMs: 300 };

  it('of a peer end in an answer or a broken connection, and the proxy serves the next one', async () => {
    let bytes: Uint8Array = Buffer.alloc(0);
    const port = await scene.raw((socket) => socket.resume().end(bytes));
    await open([`localhost:${port}`], { bounds });
    const whole = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    await fc.assert(
      fc.asyncProperty(changed(whole), async (content) => {
        bytes = content;
        const answer = await ask(`GET http://localhost:${port}/ HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
        expect(answer).toMatch(/^(?:$|HTTP\/1.1 \d\d\d |broken off)/); // whole, cut, or none
      }),
      { numRuns: 300 },
    );
  });

  it('of a command end in an answer or a broken connection, and lead nowhere', async () => {
    const peer = await sink();
    await open([`localhost:${peer.port}`], { bounds });
    const head = 'POST http://other.example/ HTTP/1.1\r\nHost: other.example\r\nContent-Length: 3\r\n\r\nabc';
    const connect = 'CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n';
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed(head), changed(connect)), async (content) => {
        const socket = client();
        socket.end(content);
        await text(socket.setEncoding('latin1')).catch(() => '');
      }),
      { numRuns: 300 },
    );
    expect(proxy?.account().peers).toEqual([]);
    expect(peer.connections()).toBe(0);
  });
});

describe('a name', () => {
  const hello = helloBytes({ serverName: 'mirror.invalid' }); // RFC 6761 section 6.4: no name server knows it
  const reach = (port: number) => ask(`CONNECT mirror.invalid:${port} HTTP/1.1\r\n\r\n`, hello);

  it.each([
    ['127.0.0.1', 'leads to an address that is loopback'],
    ['::ffff:127.0.0.1', 'leads to an address that is loopback'],
    ['169.254.169.254', 'leads to an address that is link-local'],
    ['0.0.0.0', 'leads to an address that is unspecified'],
  ])('that leads to %s is refused, also when another address would do', async (address, reason) => {
    const peer = await sink();
    const good = { address: '192.0.2.1', family: 4 };
    const lookup = () => Promise.resolve([good, { address, family: address.includes(':') ? 6 : 4 }]);
    const { account } = await open([`mirror.invalid:${peer.port}`], { lookup });
    expect(await reach(peer.port)).toMatch(/^HTTP\/1.1 403 /);
    expect(account()).toEqual({
      peers: [],
      refused: [{ target: `mirror.invalid:${peer.port}`, reason, count: 1 }],
    });
    expect(peer.connections()).toBe(0);
  });

  it('is looked up once, and the address that was looked at is the one that is reached', async (context) => {
    const own = Object.values(networkInterfaces())
      .flat()
      .find((found) => found?.internal === false && found.family === 'IPv4' && !found.address.startsWith('169.254.'));
    if (own === undefined) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs a network interface');
      context.skip('needs a network interface');
      return;
    }
    const peer = { connections: 0, port: 0 };
    peer.port = await scene.raw((socket) => {
      peer.connections += 1;
      socket.end('answer');
    }, own.address);
    const answers = [own.address, '127.0.0.1']; // a name server that says something else the second time
    const lookup = vi.fn(() => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]));
    const { account } = await open([`mirror.invalid:${peer.port}`], { lookup });
    expect(await reach(peer.port)).toBe('HTTP/1.1 200 Connection established\r\n\r\nanswer');
    expect(lookup.mock.calls).toEqual([['mirror.invalid']]);
    expect(await reach(peer.port)).toMatch(/^HTTP\/1.1 403 /);
    expect(peer.connections).toBe(1);
    expect(account().peers.map(({ addresses }) => addresses)).toEqual([[own.address]]);
  });

  it('is looked up once for those who ask at the same time', async () => {
    const { promise, resolve } = Promise.withResolvers<{ address: string; family: number }[]>();
    const lookup = vi.fn(() => promise);
    const { account } = await open(['mirror.invalid:7'], { lookup });
    const answers = Array.from({ length: 20 }, () => reach(7));
    await vi.waitFor(() => {
      expect(lookup).toHaveBeenCalled();
    });
    resolve([]);
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 502 /);
    expect(lookup.mock.calls.length).toBeLessThan(20);
    expect(account().refused).toEqual([{ target: 'mirror.invalid:7', reason: 'has no address', count: 20 }]);
  });

  it.each([
    [
      'nobody knows',
      'could not be looked up (ENOTFOUND)',
      () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })),
    ],
    ['a fault hides', 'could not be looked up (unknown reason)', () => Promise.reject(new Error('secret'))],
    ['takes too long', 'could not be looked up in time', () => new Promise<never>(() => undefined)],
    [
      'has too many addresses',
      'has more than 16 addresses',
      () => Promise.resolve(Array.from({ length: 17 }, () => ({ address: '192.0.2.1', family: 4 }))),
    ],
    ['leads to a name', 'leads to what is no address', () => Promise.resolve([{ address: 'localhost', family: 4 }])],
  ])('that %s is refused', async (_, reason, lookup) => {
    const { account } = await open(['mirror.invalid:7'], { lookup, bounds: { lookupMs: 200 } });
    expect(await reach(7)).toMatch(/^HTTP\/1.1 (?:403|502) /);
    expect(account().refused).toEqual([{ target: 'mirror.invalid:7', reason, count: 1 }]);
  });

  it('that nothing answers for is told apart from what is not allowed', async () => {
    const closed = await scene.raw(() => undefined);
    const gone = new EgressScene();
    const port = await gone.raw(() => undefined);
    gone.remove();
    const { account } = await open([`localhost:${port}`, `localhost:${closed}`]);
    const socket = await tunnel(`localhost:${port}`);
    socket.write(helloBytes({ serverName: 'localhost' }));
    expect(Buffer.from(await text(socket.setEncoding('latin1')), 'latin1').toString('hex')).toBe('15030300020250');
    const reason = 'could not be reached (ECONNREFUSED)';
    expect(account()).toEqual({ peers: [], refused: [{ target: `localhost:${port}`, reason, count: 1 }] });
  });
});

describe('the egress proxy', () => {
  it('listens where nobody else can, and is gone when it is closed', async () => {
    const { close } = await open(['a.example']);
    expect(statSync(scene.socket).mode & 0o777).toBe(0o600);
    await close();
    expect(statSync(scene.socket, { throwIfNoEntry: false })).toBe(undefined);
    await close();
  });

  it.each([
    ['a socket whose path does not fit', { socket: `/tmp/${'x'.repeat(103)}` }, 'HF_SANDBOX_REQUEST'],
    ['a socket in no folder', { socket: '/nowhere/egress' }, 'HF_SANDBOX_START'],
    ['no hosts', { hosts: [] }, 'HF_SANDBOX_REQUEST'],
  ])('is not opened with %s', async (_, more, code) => {
    await expect(open(['a.example'], more)).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('takes no more connections at once than it may, and counts the others', async () => {
    const { account } = await open(['a.example'], { bounds: { connections: 3 } });
    const held = Array.from({ length: 3 }, () => client());
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.on('connect', resolve))));
    expect(await ask('CONNECT a.example:443 HTTP/1.1\r\n\r\n')).toMatch(/^(?:|broken off)$/);
    for (const socket of held) socket.destroy();
    expect(account().refused).toEqual([{ target: '(connection)', reason: 'is one too many at once', count: 1 }]);
  });

  it.each([
    ['another protocol', '\x05\x01\0', /^\(not a request\) was not understood \(HPE_[A-Z_]+\)$/],
    ['TLS', helloBytes({ serverName: 'a.example' }), /^\(not a request\) was not understood \(HPE_[A-Z_]+\)$/],
    ['a head that is too long', `GET http://a.example/${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, /HPE_HEADER_OVERFLOW/],
    ['a head that is never whole', 'GET http://a.example/ HTTP/1.1\r\n', /ERR_HTTP_REQUEST_TIMEOUT/],
  ])('hangs up on %s', async (_, bytes, expected) => {
    const { account } = await open(['a.example'], { bounds: { headerMs: 400 } });
    expect(await ask(bytes)).toMatch(/^(?:HTTP\/1.1 400 |broken off)/);
    expect(account().refused.map(({ target, reason }) => `${target} ${reason}`)).toEqual([
      expect.stringMatching(expected) as string,
    ]);
  });

  it('closes a connection on which nothing happens', async () => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`], { bounds: { idleMs: 200 } });
    const socket = await tunnel(`localhost:${peer.port}`);
    socket.write(helloBytes({ serverName: 'localhost' }));
    expect(await text(socket)).toBe('');
    expect(peer.connections()).toBe(1);
    expect(account().peers[0]?.connections).toBe(1);
  });

  it('remembers so many different refusals, in a form that harms no reader, and counts the others', async () => {
    const { account } = await open(['a.example'], { bounds: { refusals: 3 } });
    const targets = [
      'b.example:443',
      'c.example:443',
      'b.example:443',
      `${'d'.repeat(500)}:443`,
      '\xe9"<b>:443',
      'f:443',
    ];
    for (const target of targets) await ask(Buffer.from(`CONNECT ${target} HTTP/1.1\r\n\r\n`, 'latin1'));
    const reason = 'is not a declared host';
    expect(account().refused).toEqual([
      { target: 'b.example:443', reason, count: 2 },
      { target: 'c.example:443', reason, count: 1 },
      { target: `${'d'.repeat(200)}…`, reason: 'is no host name', count: 1 },
      { target: '(others)', reason: 'more than are listed', count: 2 },
    ]);
  });

  it('lets nothing pass any more when the account was taken', async () => {
    const peer = await sink();
    const { account } = await open([`localhost:${peer.port}`]);
    const socket = await tunnel(`localhost:${peer.port}`);
    socket.write(helloBytes({ serverName: 'localhost' }));
    await vi.waitFor(() => {
      expect(peer.bytes().length).toBeGreaterThan(0);
    });
    const first = account();
    socket.write('late');
    await text(socket).catch(() => '');
    await expect(tunnel(`localhost:${peer.port}`)).rejects.toThrow('closed');
    expect(account()).toEqual(first);
    expect(first.peers[0]?.sentBytes).toBe(peer.bytes().length);
    expect(peer.bytes().toString('latin1')).not.toContain('late');
  });

  it('ends both sides when one breaks off, also when the other has finished', async () => {
    const peer = { isClosed: false };
    const port = await scene.raw((socket) => {
      socket.on('end', function write() {
        if (!socket.destroyed) socket.write('more', () => setImmediate(write));
      });
      socket.on('close', () => (peer.isClosed = true)).resume();
    });
    const { account } = await open([`localhost:${port}`]);
    for (const leave of [(socket: Socket) => socket.destroy(), () => account()]) {
      peer.isClosed = false;
      const socket = await tunnel(`localhost:${port}`);
      socket.end(helloBytes({ serverName: 'localhost' }));
      await new Promise((resolve) => socket.once('data', resolve));
      leave(socket);
      await vi.waitFor(() => {
        expect(peer.isClosed).toBe(true);
      });
    }
  });
});
