import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanPaths } from '../../src/scan-paths.ts';
import { folderWith } from '../temporary-folder.ts';

async function verdictsOf(folder: string): Promise<readonly string[]> {
  const { paths } = await scanPaths([folder], { processes: 0 });
  return (paths[0]?.files ?? []).map(({ path, verdict, findings }) =>
    [path, verdict, ...findings.map(({ rule }) => rule)].join(' '),
  );
}

test('a link that leads out of a folder fails, also through another and where nothing is', async () => {
  const folder = folderWith({ 'model/vocab.txt': 'a\n', 'outside/b.txt': 'b\n' });
  const model = join(folder, 'model');
  symlinkSync('../outside', join(model, 'around'));
  symlinkSync('around/b.txt', join(model, 'through.txt'));
  symlinkSync('/nowhere/at/all', join(model, 'gone.txt'));
  symlinkSync('vocab.txt', join(model, 'same.txt'));
  expect(await verdictsOf(model)).toEqual([
    'around fail scan.folder.link',
    'gone.txt fail scan.folder.link',
    'same.txt pass',
    'through.txt fail scan.folder.link',
    'vocab.txt pass',
  ]);
});

test('the links of a snapshot in the cache of the hub lead to its own blobs', async () => {
  const folder = folderWith({ 'models--org--name/blobs/abc': 'a\n' });
  const snapshot = join(folder, 'models--org--name', 'snapshots', 'f00d');
  mkdirSync(snapshot, { recursive: true });
  symlinkSync('../../blobs/abc', join(snapshot, 'vocab.txt'));
  expect(await verdictsOf(snapshot)).toEqual(['vocab.txt pass']);
});
