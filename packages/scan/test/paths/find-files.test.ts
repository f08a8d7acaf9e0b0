import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../src/paths/find-files.ts';
import { inNaturalOrder } from '../../src/paths/natural-order.ts';
import { folderWith } from '../temporary-folder.ts';

const namesIn = (folder: string): string[] => findFiles(folder).files.map(({ name }) => name);

test('every file, in the order in which people count', () => {
  const folder = folderWith({ 'shard-10': '', 'shard-2': 'xy', 'b/1': '', 'a/z/1': '', 'a/2': '', 'Shard-1': '' });
  expect(namesIn(folder)).toEqual(['a/2', 'a/z/1', 'b/1', 'Shard-1', 'shard-2', 'shard-10']);
  expect(findFiles(folder).files.find(({ name }) => name === 'shard-2')?.size).toBe(2);
});

test('names that sort alike have an order all the same', () => {
  expect(['a1', 'a01', 'a1'].toSorted(inNaturalOrder)).toEqual(['a01', 'a1', 'a1']);
  expect(inNaturalOrder('a', 'a')).toBe(0);
});

test('what no digest of a folder covers is left out, at the top only, and told', () => {
  const folder = folderWith({ '.git/config': '', '.gitignore': '', 'model.sig': '', 'in/.git/config': '', a: '' });
  expect(namesIn(folder)).toEqual(['a', 'in/.git/config']);
  expect(findFiles(folder).ignored).toEqual(['.git', '.gitignore', 'model.sig']);
});

test('links are followed within the folder, and told otherwise', () => {
  const folder = folderWith({ 'model/a': 'abc', 'outside/b': '', 'model/sub/c': '', 'model/.git/d': '' });
  const model = join(folder, 'model');
  symlinkSync('a', join(model, 'same'));
  symlinkSync('sub', join(model, 'twice'));
  symlinkSync('../outside/b', join(model, 'out'));
  symlinkSync('../outside', join(model, 'outfolder'));
  symlinkSync('.git', join(model, 'hidden'));
  symlinkSync('nowhere', join(model, 'broken'));
  symlinkSync('circle', join(model, 'circle'));
  symlinkSync('/nowhere/b', join(model, 'gone'));
  const { files, unscannable, links } = findFiles(model);
  expect(files.map(({ name, size }) => [name, size])).toEqual([
    ['a', 3],
    ['same', 3],
    ['sub/c', 0],
  ]);
  const out = 'a link out of the folder: not followed';
  expect(unscannable.map(({ name, reason }) => [name, reason])).toEqual([
    ['broken', 'a link to nothing, or in a circle'],
    ['circle', 'a link to nothing, or in a circle'],
    ['gone', 'a link to nothing, or in a circle'],
    ['hidden', out],
    ['out', out],
    ['outfolder', out],
  ]);
  expect(links).toEqual([
    { path: 'broken', target: 'nowhere' },
    { path: 'circle', target: 'circle' },
    { path: 'gone', target: '/nowhere/b' },
    { path: 'hidden', target: '.git' },
    { path: 'out', target: '../outside/b' },
    { path: 'outfolder', target: '../outside' },
  ]);
});

test('a snapshot in the cache of the Hugging Face hub is a folder of links to its blobs', () => {
  const folder = folderWith({ 'models--org--name/blobs/abc': 'abcd', 'models--other--name/blobs/x': '' });
  const snapshot = join(folder, 'models--org--name', 'snapshots', 'f00d');
  mkdirSync(snapshot, { recursive: true });
  symlinkSync('../../blobs/abc', join(snapshot, 'model.safetensors'));
  symlinkSync('../../../models--other--name/blobs/x', join(snapshot, 'foreign'));
  const { files, unscannable } = findFiles(snapshot);
  expect(files).toEqual([
    { name: 'model.safetensors', path: join(folder, 'models--org--name', 'blobs', 'abc'), size: 4 },
  ]);
  expect(unscannable.map(({ name }) => name)).toEqual(['foreign']);
});

test.skipIf(process.platform === 'win32')('pipes, and names that are no text, are told', () => {
  const folder = folderWith({ a: '' });
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x61])]), '');
  const { files, unscannable } = findFiles(folder);
  expect(files.map(({ name }) => name)).toEqual(['a']);
  expect(unscannable.map(({ reason }) => reason).toSorted()).toEqual([
    'a pipe, a socket or a device',
    'its name is not UTF-8',
  ]);
});

test('folders may lie deep, not endlessly deep', () => {
  const folder = folderWith({});
  mkdirSync(join(folder, 'd/'.repeat(300)), { recursive: true });
  const { unscannable } = findFiles(folder);
  expect(unscannable.map(({ reason }) => reason)).toEqual(['more than 256 folders deep: not opened']);
});
