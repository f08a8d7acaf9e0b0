import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/scan/columns.ts';
import { Scene } from '../scene.ts';
import { safetensorsFile } from './safetensors-file.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const good = safetensorsFile();
const bad = safetensorsFile(4);
const noFormat = Uint8Array.of(0, 0xff, 0, 0xfe);

function folderWith(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = scene.folder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const numbered = (count: number, name: (at: number) => string, content: Uint8Array) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [name(at), content]));

describe('what is printed', { timeout: 60_000 }, () => {
  test('fits into 80 columns, whatever the names are', async () => {
    const folder = folderWith({
      [`m/${'deep/'.repeat(30)}model.safetensors`]: bad,
      [`m/${'模型'.repeat(40)}.safetensors`]: good,
      [`m/${'x'.repeat(200)}.safetensors`]: noFormat,
      'm/two\nlines \u001b[31m\u202e.safetensors': noFormat,
    });
    const { stdout, status } = await scene.type('holdfast scan m', folder);
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines.slice(0, -1)) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
    expect(lines).toHaveLength(8);
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    const command = lines.at(-1)?.replace('Why: ', '') ?? '';
    expect((await scene.type(command, folder)).stdout).toContain('Refs: CWE-130');
  });

  test('is a screen, not a wall: many files that pass are counted', async () => {
    const folder = folderWith({ ...numbered(60, (at) => `m/shard-${at}.safetensors`, good), 'm/z.safetensors': bad });
    const { stdout } = await scene.type('holdfast scan m', folder);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'm/',
      expect.stringMatching(/^ {2}✗ z\.safetensors .* fail$/),
      '  ✓ 60 other files: pass',
    ]);
    expect(stdout).toContain('1 fail · 60 pass');
  });

  test('of very many that are not clean, the worst are shown, and what fails is never missing', async () => {
    const unknown = numbered(300, (at) => `m/${at}.dat`, noFormat);
    const { stdout } = await scene.type('holdfast scan m', folderWith({ ...unknown, 'm/z.safetensors': bad }));
    const lines = stdout.split('\n');
    expect(lines[1]).toMatch(/^ {2}✗ z\.safetensors/);
    expect(lines.filter((line) => line.endsWith('unknown'))).toHaveLength(199);
    expect(stdout).toContain('and 101 more that are not clean: --json lists them');
  });

  test('an empty folder is not clean', async () => {
    const folder = folderWith({ 'm/.git/x': good });
    const { stdout, status } = await scene.type('holdfast scan m', folder);
    expect(status).toBe(3);
    expect(stdout).toContain('? no files');
  });
});

describe('options', { timeout: 60_000 }, () => {
  test.for([
    ['a.safetensors', 0],
    ['a.safetensors b.safetensors', 1],
    ['a.safetensors c.dat', 3],
    ['c.dat b.safetensors', 1],
    ['b.safetensors nothing.pt', 2],
    ['', 2],
    ['a.gguf', 0],
    ['--fail-on low a.gguf', 1],
    ['--fail-on medium a.gguf', 0],
    ['--fail-on high b.safetensors', 1],
    ['--fail-on worst a.safetensors', 2],
    ['--allow c-dat c.dat', 2],
  ] as const)('`holdfast scan %s` exits %i', async ([words, exit]) => {
    const files = { 'a.safetensors': good, 'a.gguf': good, 'b.safetensors': bad, 'c.dat': noFormat };
    const folder = folderWith(files);
    const { status, stdout } = await scene.type(`holdfast scan --json ${words}`, folder);
    expect(status).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ exit, ok: exit === 0 });
  });

  test('a file that somebody vouches for by its digest passes', async () => {
    const folder = folderWith({ 'c.dat': noFormat });
    const digest = `$(sha256sum c.dat | cut -d' ' -f1)`;
    expect((await scene.type(`holdfast scan --allow sha256:${digest} c.dat`, folder)).status).toBe(0);
  });

  test('--sarif writes a file beside what is printed, or to standard output instead of it', async () => {
    const folder = folderWith({ 'm/b.safetensors': bad });
    const { stdout, status } = await scene.type('holdfast scan --sarif out.sarif m', folder);
    expect(status).toBe(1);
    expect(stdout).toContain('1 fail');
    expect(readdirSync(folder).toSorted()).toEqual(['m', 'out.sarif']);
    const written = readFileSync(join(folder, 'out.sarif'), 'utf8');
    const printed = await scene.type('holdfast scan --sarif - m', folder);
    const results = (text: string): unknown => (JSON.parse(text) as { runs: [{ results: unknown }] }).runs[0].results;
    expect(results(printed.stdout)).toEqual(results(written));
    expect(results(written)).toMatchObject([{ ruleId: 'scan.safetensors.layout', level: 'error' }]);
    expect(printed.status).toBe(1);
  });

  test('--no-hash has no digests; --no-cache keeps nothing', async () => {
    const folder = folderWith({ 'a.safetensors': good });
    const cache = join(folder, 'cache');
    const at = { XDG_CACHE_HOME: cache };
    const json = await scene.type('holdfast scan --json --no-hash a.safetensors', folder, at);
    expect(json.stdout).not.toContain('"sha256"');
    await scene.type('holdfast scan --no-cache a.safetensors', folder, at);
    expect(existsSync(cache)).toBe(false);
    await scene.type('holdfast scan a.safetensors', folder, at);
    expect(existsSync(join(cache, 'holdfast', 'scan'))).toBe(true);
  });

  test('--quiet says it by the exit code alone', async () => {
    const folder = folderWith({ 'b.safetensors': bad });
    const answer = await scene.type('holdfast scan -q b.safetensors', folder);
    expect(answer).toEqual({ stdout: '', stderr: '', status: 1 });
  });
});
