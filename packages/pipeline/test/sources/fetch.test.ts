import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { eventually } from '../execution-scene.ts';
import { fetchHere, sha256 } from './fetch-scene.ts';
import { certificateFor, type Handler, startServer } from './tls-server.ts';

const content = 'age,label\n'.repeat(20_000);
const certificate = certificateFor('localhost');
const { authority } = certificate;
const server = await startServer(certificate);
const source = (more: object = {}) => ({ uri: server.url('/a'), sha256: sha256(content), ...more });

/** Sends a head, some bytes, and then nothing more: the connection ends. */
function breakOff(response: ServerResponse, headers: Record<string, string>, bytes: string, length: number): void {
  response.writeHead(200, { ...headers, 'content-length': String(length) });
  // time for the other side to take them
  response.write(bytes, () => setTimeout(() => response.socket?.end(), 150));
}

describe('a fetch', () => {
  test('brings the bytes that are pinned, and asks for them without a word too many', async () => {
    server.answers((_, response) => response.end(content));
    const { received, target, files, error } = await fetchHere({ source: source(), before: 'old', authority });
    expect(error).toBeUndefined();
    expect([target, files]).toEqual([content, ['target.csv']]);
    // openssl x509 -fingerprint: the same certificate, read by another program
    const pem = certificate.certificate;
    const told = execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], {
      input: pem,
      encoding: 'utf8',
    });
    const fingerprint = told.trim().split('=')[1]?.replaceAll(':', '').toLowerCase();
    expect(received).toEqual({
      sha256: sha256(content),
      bytes: content.length,
      server: { host: server.host, tls: { protocol: 'TLSv1.3', certificate: fingerprint } },
    });
    const [asked] = server.asked;
    expect(Object.keys(asked?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(asked?.headers['accept-encoding']).toBe('identity');
  });

  test('takes TLS 1.2 where there is no 1.3', async () => {
    const older = await startServer(certificate, (_, response) => response.end(content), { maxVersion: 'TLSv1.2' });
    const { received } = await fetchHere({ source: { ...source(), uri: older.url('/a') }, authority });
    expect(received?.server?.tls.protocol).toBe('TLSv1.2');
  });

  test.each([
    ['of the source', (host: string) => ({ source: { origins: [host] } })],
    ['of all sources', (host: string) => ({ origins: [host, server.host] })],
  ])('follows a redirect to the origins %s', async (_, allowed) => {
    const mirror = await startServer(certificate, (__, response) => response.end(content));
    server.answers((__, response) => response.writeHead(307, { location: mirror.url('/b') }).end('no content'));
    const { source: own = {}, ...rest } = allowed(mirror.host) as { source?: object; origins?: string[] };
    const { received, target } = await fetchHere({ source: source(own), authority, ...rest });
    expect(received?.server?.host).toBe(mirror.host);
    expect(target).toBe(content);
  });

  test('keeps what is confidential to this user', async () => {
    server.answers((_, response) => response.end(content));
    const folder = temporaryFolder();
    await fetchHere({ source: source({ classification: 'restricted' }), authority, folder });
    expect(statSync(join(folder, 'target.csv')).mode & 0o077).toBe(0);
  });

  test('ends when somebody no longer wants it', async () => {
    const stop = new AbortController();
    server.answers((_, response) => {
      response.write(content);
      setTimeout(() => {
        stop.abort();
      }, 20);
    });
    const { error, files } = await fetchHere({ source: source(), authority, wish: { signal: stop.signal } });
    expect([error?.code, error?.exit, files]).toEqual(['HF_SOURCE_INTERRUPTED', 3, []]);
  });
});

describe('a connection that breaks', () => {
  const half = content.slice(0, 120_000);
  /** Answers with the part that was asked for, of these bytes; the head may tell otherwise. */
  const part = (
    bytes = content,
    told = (from: number): string => `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
  ): Handler => {
    return (request, response) => {
      const from = Number(/^bytes=([1-9][0-9]*)-$/.exec(request.headers.range ?? '')?.[1]);
      response.writeHead(206, { 'content-range': told(from), etag: '"one"' }).end(bytes.slice(from));
    };
  };
  const broken =
    (next: Handler, headers: Record<string, string> = { etag: '"one"' }): Handler =>
    (request, response, tries) => {
      if (tries === 1) breakOff(response, headers, half, content.length);
      else next(request, response, tries);
    };

  test('is gone on with behind what is there, where the server marks its bytes', async () => {
    server.answers(broken(part()));
    const { target, notices } = await fetchHere({ source: source(), authority });
    expect(target).toBe(content);
    const [, from] = /^bytes=([1-9][0-9]*)-$/.exec(server.asked[1]?.headers.range ?? '') ?? [];
    expect(notices).toEqual([`the connection broke: the fetch goes on behind ${from} bytes`]);
    expect(server.asked[1]?.headers['if-range']).toBe('"one"');
    expect(Number(from)).toBeLessThanOrEqual(half.length);
  });

  test.each([
    ['none', {}],
    ['a weak one', { etag: 'W/"one"' }],
    ['one that is none', { etag: 'one' }],
  ])('is begun anew where there is no mark but %s, and that is said', async (_, headers) => {
    server.answers(broken((__, response) => response.end(content), headers));
    const { target, notices } = await fetchHere({ source: source(), authority });
    expect(target).toBe(content);
    expect(notices).toEqual(['the connection broke: the fetch starts again']);
    expect(server.asked[1]?.headers).not.toHaveProperty('range');
  });

  test('is begun anew where nothing is pinned: no digest would tell a part of other bytes', async () => {
    server.answers(broken((_, response) => response.end(content)));
    const { target } = await fetchHere({ source: { uri: source().uri }, authority });
    expect([target, server.asked[1]?.headers['range']]).toEqual([content, undefined]);
  });

  test('is not whole with a part that ends too early', async () => {
    server.answers(
      broken(part(content.slice(0, -10), (from) => `bytes ${from}-${content.length - 11}/${content.length}`)),
    );
    const { error, files } = await fetchHere({ source: source(), authority });
    expect([error?.code, files]).toEqual(['HF_SOURCE_INCOMPLETE', []]);
  });

  test('is begun anew where the server has other bytes by now', async () => {
    server.answers(broken((_, response) => response.writeHead(200, { etag: '"two"' }).end('short')));
    const { target } = await fetchHere({ source: { ...source(), sha256: sha256('short') }, authority });
    expect(target).toBe('short');
  });

  test('does not bring other bytes in under the mark of the first', async () => {
    server.answers(broken(part(content.replaceAll('age', 'sex'))));
    const { error, files } = await fetchHere({ source: source(), authority });
    expect([error?.code, files]).toEqual(['HF_SOURCE_MISMATCH', []]);
  });

  test.each([
    ['another part', () => `bytes 0-9/${content.length}`],
    ['no part', () => 'lines 1-2/3'],
  ])('is not gone on with %s', async (_, told) => {
    server.answers(broken(part(content, told)));
    const { error, files } = await fetchHere({ source: source(), authority });
    expect([error?.code, files]).toEqual(['HF_SOURCE_ANSWER', []]);
    expect(error?.message).toMatch(/another part/);
  });

  test('and a part that would be too large, are refused', async () => {
    server.answers(broken(part(content, (from) => `bytes ${from}-999999/1000000`)));
    const { error } = await fetchHere({ source: source({ maxSize: '500kB' }), authority });
    expect(error?.code).toBe('HF_SOURCE_TOO_LARGE');
  });

  test('is tried three times', async () => {
    server.answers((_, response) => {
      breakOff(response, {}, half, content.length);
    });
    const { error } = await fetchHere({ source: source(), authority });
    expect([error?.code, server.asked.length]).toEqual(['HF_SOURCE_INCOMPLETE', 3]);
  });
});

describe('a source that is a file', () => {
  test.each(['a path in the project', 'a URL'])('is copied from %s', async (kind) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/a.csv'), content);
    const uri = kind === 'a URL' ? pathToFileURL(join(folder, 'in/a.csv')).href : 'in/a.csv';
    const { received, target } = await fetchHere({ source: source({ uri }), folder });
    expect([target, received]).toEqual([content, { sha256: sha256(content), bytes: content.length }]);
  });

  test.each([
    ['nowhere.csv', 'HF_SOURCE_UNREACHABLE', /cannot be read/],
    ['folder', 'HF_SOURCE_UNREACHABLE', /not a regular file/],
    ['pipe', 'HF_SOURCE_UNREACHABLE', /not a regular file/],
    ['large', 'HF_SOURCE_TOO_LARGE', /`maxSize` allows 1000/],
    ['file://elsewhere/a.csv', 'HF_SOURCE_SCHEME', /no file of this machine/],
  ])('is refused: %s', async (uri, code, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'large'), 'x'.repeat(1001));
    const { error, target } = await fetchHere({ source: source({ uri, maxSize: '1000B' }), folder });
    expect([error?.code, target]).toEqual([code, undefined]);
    expect(error?.message).toMatch(message);
  });
});

test('a full disk: what is there stays, nothing is left beside it, and it is said', async (context) => {
  const folder = temporaryFolder();
  const options = ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', folder];
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || spawnSync('mount', options).status !== 0) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs root, to mount a small file system');
    context.skip('needs root');
  }
  try {
    server.answers((_, response) => response.end(content));
    const { error, target, files } = await fetchHere({ source: source(), authority, folder, before: 'old' });
    expect(error).toMatchObject({ code: 'HF_SOURCE_DISK_FULL', exit: 3 });
    expect([target, files]).toEqual(['old', ['target.csv']]);
  } finally {
    spawnSync('umount', [folder]);
  }
});

test('killed half-way: the target does not appear, and the next fetch clears what was left', async () => {
  const folder = temporaryFolder();
  server.answers((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.slice(0, 100_000));
  });
  const program = fileURLToPath(new URL('killed-fetch.ts', import.meta.url));
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const words = [...flags, program, folder, JSON.stringify(source()), authority];
  const child = spawn(process.execPath, words, { stdio: 'inherit' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_, signal) => {
      resolve(signal);
    }),
  );
  const arriving = (): boolean => readdirSync(folder).some((name) => statSync(join(folder, name)).size > 0);
  expect(await eventually(arriving, 50_000)).toBe(true);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const { removeLeftovers } = await import('../../src/sources/arriving-file.ts');
  const left = execFileSync('ls', ['-A', folder], { encoding: 'utf8' });
  expect(left).toMatch(/^\.holdfast-[0-9a-f]{16}\.part\n$/);
  expect(readFileSync(join(folder, left.trim()), 'utf8').length).toBeGreaterThan(0);
  await removeLeftovers(folder, 60_000);
  expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe(left);
  await removeLeftovers(folder);
  expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
});

test('a place that a link leads out of the project is none', async () => {
  const { requireTarget } = await import('../../src/sources/arriving-file.ts');
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
  symlinkSync(elsewhere, join(folder, 'out'));
  mkdirSync(join(folder, 'data.csv'));
  await expect(requireTarget(folder, 'out/new/data.csv')).rejects.toMatchObject({ code: 'HF_PATH_OUTSIDE' });
  await expect(requireTarget(folder, 'data.csv')).rejects.toMatchObject({ code: 'HF_SOURCE_TARGET' });
  await requireTarget(folder, 'new/data.csv');
});
