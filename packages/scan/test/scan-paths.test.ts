import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanPaths } from '../src/scan-paths.ts';
import { safetensorsFile } from './safetensors-file.ts';
import { folderWith, ofNoFormat } from './temporary-folder.ts';

const many = {
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`shard-${at}.safetensors`, safetensorsFile({ tensors: at })]),
  ),
  'bad.safetensors': safetensorsFile({ gap: 4 }),
  'notes.bin': ofNoFormat,
};

describe('a folder', () => {
  test('every file is answered for, and the verdict is the worst', async () => {
    const folder = folderWith(many);
    symlinkSync('/etc/passwd', join(folder, 'zz'));
    const { verdict, totals, paths } = await scanPaths([folder]);
    expect(verdict).toBe('fail');
    const bytes = Object.values(many).reduce((sum, content) => sum + content.length, 0);
    expect(totals).toEqual({ files: 15, bytes, pass: 12, warn: 0, unknown: 1, fail: 2 });
    expect(paths.map(({ kind, verdict: worst }) => [kind, worst])).toEqual([['folder', 'fail']]);
    const names = paths[0]?.files.map(({ path }) => path);
    expect(names?.slice(0, 4)).toEqual(['bad.safetensors', 'notes.bin', 'shard-0.safetensors', 'shard-1.safetensors']);
    expect(names?.slice(-2)).toEqual(['shard-11.safetensors', 'zz']);
  });

  test('in other processes the same comes out, in the same order', async () => {
    const folder = folderWith(many);
    const [here, there] = [await scanPaths([folder], { processes: 0 }), await scanPaths([folder], { processes: 2 })];
    expect(there.paths).toEqual(here.paths);
    expect(there.totals.files).toBe(14);
  });

  test('an empty one is not clean', async () => {
    const folder = folderWith({ '.git/config': '' });
    expect((await scanPaths([folder])).verdict).toBe('unknown');
    const other = folderWith({ 'a.safetensors': safetensorsFile() });
    expect((await scanPaths([other, folder])).verdict).toBe('unknown');
  });
});

test('several paths, each as it was named, one of them twice', async () => {
  const folder = folderWith({ 'a.safetensors': safetensorsFile(), 'in/b.safetensors': safetensorsFile() });
  const { paths, verdict } = await scanPaths(['a.safetensors', 'in', './a.safetensors'], { folder });
  expect(verdict).toBe('pass');
  expect(paths.map(({ path, kind, files }) => [path, kind, files.map((file) => file.path)])).toEqual([
    ['a.safetensors', 'file', ['a.safetensors']],
    ['in', 'folder', ['b.safetensors']],
    ['./a.safetensors', 'file', ['./a.safetensors']],
  ]);
});

test('a link that somebody names is followed', async () => {
  const folder = folderWith({ blob: safetensorsFile({ tensors: 2 }) });
  symlinkSync('blob', join(folder, 'model.safetensors'));
  const { paths } = await scanPaths(['model.safetensors'], { folder });
  expect(paths[0]?.files).toMatchObject([{ path: 'model.safetensors', verdict: 'pass', findings: [] }]);
});

test('a path that leads nowhere is wrong usage, before anything is scanned', async () => {
  const folder = folderWith({ 'a.safetensors': safetensorsFile() });
  await expect(scanPaths(['a.safetensors', 'b'], { folder })).rejects.toMatchObject({ code: 'HF_SCAN_PATH', exit: 2 });
});

test.skipIf(process.platform === 'win32')('a file that cannot be read is unknown', async () => {
  const folder = folderWith({ 'a.safetensors': safetensorsFile() });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'a.safetensors'), 0);
  const isRoot = process.getuid?.() === 0;
  // root may read everything
  if (isRoot) process.seteuid?.(65_534);
  try {
    const { paths } = await scanPaths([folder]);
    expect(paths[0]?.files).toMatchObject([{ verdict: 'unknown', summary: 'it cannot be read: EACCES' }]);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('no digests where none are asked for', async () => {
  const folder = folderWith({ 'a.safetensors': safetensorsFile() });
  const { paths } = await scanPaths([folder], { hash: false });
  expect(paths[0]?.files[0]).not.toHaveProperty('sha256');
});

test('progress ends with everything', async () => {
  const folder = folderWith(many);
  const told: (readonly [number, number])[] = [];
  await scanPaths([folder], { progress: ({ filesDone, bytesDone }) => told.push([filesDone, bytesDone]) });
  expect(told.at(-1)).toEqual([14, Object.values(many).reduce((sum, content) => sum + content.length, 0)]);
  const bytes = told.map(([, done]) => done);
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
});
