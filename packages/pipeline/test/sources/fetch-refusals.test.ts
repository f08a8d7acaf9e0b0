import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fetchHere, sha256 } from './fetch-scene.ts';
import { certificateFor, type Handler, startServer } from './tls-server.ts';

const content = 'age,label\n'.repeat(1000);
const certificate = certificateFor('localhost');
const { authority } = certificate;
const server = await startServer(certificate);
const other = await startServer(certificate, (_, response) => response.end(content));

const whole: Handler = (_, response) => response.end(content);
const redirect =
  (location: string, status = 302): Handler =>
  (_, response) => {
    response.writeHead(status, { location }).end();
  };
/** Bytes on the connection as they are: what Node's server would not send. */
const raw =
  (head: string, body = ''): Handler =>
  (_, response) => {
    response.socket?.end(Buffer.from(`HTTP/1.1 ${head}\r\n\r\n${body}`, 'latin1'));
  };

const refusals: [what: string, handler: Handler, code: string, exit: number, message: RegExp, source?: object][] = [
  ['other bytes', (_, response) => response.end(`${content}x`), 'HF_SOURCE_MISMATCH', 1, /gives other bytes/],
  ['fewer bytes', (_, response) => response.end(content.slice(1)), 'HF_SOURCE_MISMATCH', 1, /gives other bytes/],
  [
    'a body cut short of its length',
    (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.slice(0, 5000), () => response.socket?.end());
    },
    'HF_SOURCE_INCOMPLETE',
    3,
    /ended before all bytes came/,
  ],
  [
    'a chunked body without its end',
    (_, response) => {
      response.write(content, () => response.socket?.end());
    },
    'HF_SOURCE_INCOMPLETE',
    3,
    /ended before all bytes came/,
  ],
  [
    'more bytes than may come, as it says itself',
    whole,
    'HF_SOURCE_TOO_LARGE',
    1,
    /has 10000 bytes, and `maxSize` allows 9999/,
    { maxSize: '9999B' },
  ],
  [
    'bytes without end',
    (_, response) => {
      const more = (): void => {
        while (response.writable && response.write(content));
        if (response.writable) response.once('drain', more);
      };
      more();
    },
    'HF_SOURCE_TOO_LARGE',
    1,
    /`maxSize` allows 1000000/,
    { maxSize: '1MB' },
  ],
  ['silence before the answer', () => undefined, 'HF_SOURCE_TIMEOUT', 3, /sent nothing for 300 ms/],
  [
    'silence in the middle',
    (_, response) => response.write(content.slice(0, 10)),
    'HF_SOURCE_TIMEOUT',
    3,
    /sent nothing for 300 ms/,
  ],
  [
    'a byte now and then',
    (_, response) => {
      const drip = setInterval(() => response.write('x'), 50);
      response.on('close', () => {
        clearInterval(drip);
      });
    },
    'HF_SOURCE_TIMEOUT',
    3,
    /took longer than 1 s/,
    { time: '1s' },
  ],
  ['an error', (_, response) => response.writeHead(404).end(content), 'HF_SOURCE_ANSWER', 3, /answers `404`/],
  [
    'a part that nobody asked for',
    raw('206 Partial\r\ncontent-range: bytes 0-1/2\r\ncontent-length: 2', 'ab'),
    'HF_SOURCE_ANSWER',
    3,
    /answers `206`/,
  ],
  [
    '"not modified", which nobody asked',
    (_, response) => response.writeHead(304).end(),
    'HF_SOURCE_ANSWER',
    3,
    /answers `304`/,
  ],
  [
    'compressed bytes',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(content)),
    'HF_SOURCE_ANSWER',
    3,
    /come encoded as `gzip`/,
  ],
  [
    'bytes compressed in transfer',
    raw('200 OK\r\ntransfer-encoding: gzip, chunked', '0\r\n\r\n'),
    'HF_SOURCE_ANSWER',
    3,
    /in transfer as `gzip, chunked`/,
  ],
  ['what is not HTTP', raw('good day'), 'HF_SOURCE_ANSWER', 3, /is not HTTP: `HPE_/],
  [
    'a head without end',
    raw(`200 OK\r\nx: ${'y'.repeat(100_000)}`),
    'HF_SOURCE_ANSWER',
    3,
    /is not HTTP: `HPE_HEADER_OVERFLOW`/,
  ],
  [
    'a place elsewhere',
    redirect('https://evil.example/a'),
    'HF_SOURCE_REDIRECT',
    1,
    /leads to the host `evil.example`/,
  ],
  ['another port', redirect(other.url('/a')), 'HF_SOURCE_REDIRECT', 1, /leads to the host `localhost:[0-9]+`/],
  ['a place without TLS', redirect(`http://${server.host}/a`), 'HF_SOURCE_REDIRECT', 1, /without TLS/],
  ['a place on this machine', redirect('file:///etc/passwd'), 'HF_SOURCE_REDIRECT', 1, /without TLS/],
  [
    'a place with a password',
    redirect(`https://me:hunter2@${server.host}/a`),
    'HF_SOURCE_REDIRECT',
    1,
    /with a user name or a password/,
  ],
  ['no place', (_, response) => response.writeHead(301).end(), 'HF_SOURCE_REDIRECT', 1, /leads to what is no URL/],
  ['no URL', redirect('https://[::1'), 'HF_SOURCE_REDIRECT', 1, /leads to what is no URL/],
  ['itself, again and again', redirect('/again', 308), 'HF_SOURCE_REDIRECT', 1, /leads on more than 5 times/],
];

describe('nothing comes in from a source that gives', () => {
  test.each(refusals)('%s', async (_, handler, code, exit, message, source = {}) => {
    server.answers(handler);
    const scene = { source: { uri: server.url('/a?token=hunter2'), sha256: sha256(content), ...source }, authority };
    // where nobody is silent on purpose, a slow machine must not be taken for silence
    const wish = { idleMs: message.source.includes('300 ms') ? 300 : 30_000 };
    const { error, target, files } = await fetchHere({ ...scene, before: 'old', wish });
    expect(error).toMatchObject({ code, exit });
    expect(error?.message).toMatch(message);
    expect(error?.fix).toMatch(/./);
    expect([target, files]).toEqual(['old', ['target.csv']]);
    expect(`${error?.message} ${error?.where} ${error?.fix}`).not.toContain('hunter2');
    expect(server.asked.length).toBeLessThanOrEqual(6);
  });

  test('control characters and direction marks in its head: none reaches a message', async () => {
    server.answers(raw('200 OK\r\ncontent-encoding: gzip\x9b31m\xe2\x80\xae', 'x'));
    const { error } = await fetchHere({ source: { uri: server.url('/a'), sha256: sha256(content) }, authority });
    expect(error).toMatchObject({ code: 'HF_SOURCE_ANSWER' });
    expect(error?.message).toContain('gzip\u{FFFD}31m');
    expect(error?.message).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('no end that could be told, where no digest would tell either', async () => {
    const uri = server.url('/a');
    server.answers(raw('200 OK\r\nconnection: close', content));
    const unpinned = await fetchHere({ source: { uri }, authority });
    expect([unpinned.error?.code, unpinned.files]).toEqual(['HF_SOURCE_ANSWER', []]);
    const pinned = await fetchHere({ source: { uri, sha256: sha256(content) }, authority });
    expect(pinned.target).toBe(content);
  });
});

describe('nothing is asked of a server that', () => {
  const source = (host: string) => ({ uri: `https://${host}/a`, sha256: sha256(content) });
  const refused = async (host: string, trusted: string | undefined, message: RegExp): Promise<void> => {
    const { error, files } = await fetchHere({ source: source(host), ...(trusted && { authority: trusted }) });
    expect(error).toMatchObject({ code: 'HF_SOURCE_TLS', exit: 3 });
    expect(error?.message).toMatch(message);
    expect(files).toEqual([]);
  };

  test('has a certificate of another name', async () => {
    const named = await startServer(certificateFor('other.example'), whole);
    await refused(named.host, authority, /ERR_TLS_CERT_ALTNAME_INVALID/);
    expect(named.asked).toEqual([]);
  });

  test('has a certificate of an authority that nobody named, whatever the environment says', async () => {
    server.answers(whole);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await refused(server.host, undefined, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(server.asked).toEqual([]);
  });

  test('has a certificate that ran out', async () => {
    const stale = await startServer(certificateFor('localhost', -1), whole);
    await refused(stale.host, authority, /CERT_HAS_EXPIRED/);
  });

  test('speaks TLS 1.1 at most', async () => {
    const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    const old = await startServer(certificate, whole, options);
    await refused(old.host, authority, /ERR_SSL_|EPROTO/);
  });

  test('is not there', async () => {
    const { error } = await fetchHere({ source: source('localhost:1'), authority });
    expect(error).toMatchObject({ code: 'HF_SOURCE_UNREACHABLE', exit: 3, where: 'https://localhost:1/a' });
  });
});

test('an authority has to be a certificate', async () => {
  const source = { uri: server.url('/a'), sha256: sha256(content) };
  for (const file of [import.meta.filename, '/nowhere/ca.pem']) {
    await expect(fetchHere({ source, authority: file })).rejects.toMatchObject({
      code: 'HF_SOURCE_AUTHORITY',
      exit: 2,
    });
  }
});
