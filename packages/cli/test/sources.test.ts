import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { certificateFor, startServer } from '../../pipeline/test/sources/tls-server.ts';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const content = 'age,label\n30,1\n';
const certificate = certificateFor('localhost');
const { authority } = certificate;
const server = await startServer(certificate, (_, response) => response.end(content));
const digest = createHash('sha256').update(content).digest('hex');
const uri = server.url('/raw.csv?token=hunter2');

/** A project with sources and nothing to run; the first is the one of the artifact `raw`. */
async function projectOf(sources: Readonly<Record<string, object>>): Promise<string> {
  const folder = scene.folder();
  const artifacts = Object.fromEntries(
    Object.keys(sources).map((source) => [source, { path: `data/${source}.csv`, kind: 'dataset', source }]),
  );
  const yaml = { project: 'demo', ledger: 'demo.example', sources, artifacts };
  writeFileSync(join(folder, 'holdfast.yaml'), JSON.stringify(yaml));
  const { status, stderr } = await scene.type('holdfast init --yes', folder);
  if (status !== 0) throw new Error(stderr);
  return folder;
}

describe('holdfast data fetch', () => {
  test('fetches with a private authority, and says what came', async () => {
    const folder = await projectOf({ bureau: { uri, sha256: digest }, plain: { uri } });
    const { stdout, stderr, status } = await scene.type(`holdfast data fetch --ca ${authority}`, folder);
    expect(stdout).toMatch(
      /^✓ bureau {3}data\/bureau.csv: 15 bytes, evidence [0-9a-f]+…?\n✗ plain {3}`plain` pins no digest/,
    );
    expect(stdout).toContain('HF_SOURCE_UNPINNED');
    expect(stdout).toContain('`holdfast data fetch plain --record`');
    expect([stderr, status]).toEqual(['', 2]);
    expect(readFileSync(join(folder, 'data/bureau.csv'), 'utf8')).toBe(content);
    expect(existsSync(join(folder, 'data/plain.csv'))).toBe(false);
  });

  test('tells the digest to pin, and no secret, where nothing is pinned', async () => {
    const folder = await projectOf({ plain: { uri } });
    const { stdout, status } = await scene.type(`holdfast data fetch plain --record --ca ${authority}`, folder);
    expect(stdout).toContain(`sha256: ${digest}\n`);
    expect(stdout).toContain('Next   pin `plain`, then: holdfast run');
    expect([status, stdout.includes('hunter2')]).toEqual([0, false]);
    const list = await scene.type('holdfast evidence list', folder);
    expect(list.stdout).toMatch(/check data\.source unknown: plain/);
  });

  test('takes private authorities from NODE_EXTRA_CA_CERTS, and nobody else', async () => {
    const folder = await projectOf({ bureau: { uri, sha256: digest } });
    const alone = new Scene('nothing', 'each');
    const refused = await alone.type('holdfast data fetch', folder);
    expect(refused.stderr).toContain('HF_SOURCE_TLS');
    expect([refused.status, refused.stderr.includes('hunter2')]).toEqual([3, false]);
    const { stdout, status } = await alone.type('holdfast data fetch', folder, { NODE_EXTRA_CA_CERTS: authority });
    alone.remove();
    expect([stdout.slice(0, 8), status]).toEqual(['✓ bureau', 0]);
  });

  test('tells a program what failed', async () => {
    const folder = await projectOf({ one: { uri, sha256: 'ab'.repeat(32) }, two: { uri: 's3://bucket/x' } });
    const { stdout, status } = await scene.type(`holdfast data fetch --json --ca ${authority}`, folder);
    const { exit, result } = JSON.parse(stdout) as { exit: number; result: unknown };
    expect([exit, status]).toEqual([1, 1]);
    expect(result).toMatchObject({
      sources: [
        { source: 'one', status: 'failed', error: { code: 'HF_SOURCE_MISMATCH', where: server.url('/raw.csv?…') } },
        { source: 'two', status: 'left' },
      ],
    });
  });
});

describe('holdfast data watch', () => {
  test('exits 0 where nothing changed, 1 where something did, 3 where nobody answers', async () => {
    const folder = await projectOf({ bureau: { uri, sha256: digest } });
    const watch = `holdfast data watch --ca ${authority}`;
    expect(await scene.type(watch, folder)).toEqual({ stdout: '✓ bureau   the same bytes\n', stderr: '', status: 0 });
    const yaml = readFileSync(join(folder, 'holdfast.yaml'), 'utf8');
    writeFileSync(join(folder, 'holdfast.yaml'), yaml.replace(digest, 'ab'.repeat(32)));
    const changed = await scene.type(watch, folder);
    expect(changed.stdout).toMatch(/^✗ bureau {3}CHANGED, evidence [0-9a-f]+/);
    expect(changed.stdout).toContain('.holdfast/quarantine/bureau/');
    expect(changed.status).toBe(1);
    writeFileSync(join(folder, 'holdfast.yaml'), yaml.replace(server.host, 'localhost:1'));
    const unreachable = await scene.type(`${watch} --once`, folder);
    expect(unreachable.stdout).toMatch(
      /^\? bureau {3}the source cannot be reached: `ECONNREFUSED` \(HF_SOURCE_UNREACHABLE\)/,
    );
    expect(unreachable.status).toBe(3);
  });

  test.each([
    ['--once --every 1m', /two wishes/],
    ['--every often', /is not a duration/],
  ])('refuses %s', async (options, message) => {
    const { stderr, status } = await scene.type(`holdfast data watch ${options}`, scene.folder());
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('goes on until %s, and ends in order', async (signal) => {
    const folder = await projectOf({ bureau: { uri, sha256: digest } });
    const words = [bin, 'data', 'watch', '--every', '1s', '--ca', authority];
    const child = spawn(process.execPath, words, { cwd: folder, env: scene.environment() });
    let [told, printed] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const twice = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if (told.split('the same bytes').length > 2) resolve();
      });
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await Promise.race([twice, ended]);
    child.kill(signal);
    expect([await ended, printed]).toEqual([0, '✓ bureau   the same bytes\n']);
  });
});
