import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parentsOf, writeDurably } from '../src/durable-file.ts';
import { temporaryFolder } from './scene.ts';

test('a file is replaced as a whole, with the mode that was asked for', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'a', 'b', 'file');
  await writeDurably(file, 'old');
  await writeDurably(file, Buffer.from('new'), { mode: 0o600 });
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
});

test('a file that cannot be replaced stays, and nothing is left beside it', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'file', 'in the way'), { recursive: true });
  await expect(writeDurably(join(folder, 'file'), 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  writeFileSync(join(folder, 'plain'), '');
  await expect(writeDurably(join(folder, 'plain', 'file'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readdirSync(folder)).toEqual(['file', 'plain']);
});

test('the folders that got a new name are those above what was made', () => {
  expect(parentsOf('/a/b/c', undefined)).toEqual([]);
  expect(parentsOf('/a/b/c', '/a/b/c')).toEqual(['/a/b']);
  expect(parentsOf('/a/b/c', '/a')).toEqual(['/a/b', '/a', '/']);
});
