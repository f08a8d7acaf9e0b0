import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allowNothing } from '../src/allow-list.ts';
import { openResultCache } from '../src/result-cache.ts';
import { scanPaths } from '../src/scan-paths.ts';
import { scannerOf } from '../src/scanner.ts';
import { safetensorsFile } from './safetensors-file.ts';
import { folderWith, ofNoFormat } from './temporary-folder.ts';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Scans a folder with a cache, and another time with what the cache then has. */
async function scanned(files: Readonly<Record<string, Uint8Array>>, change: (entry: string) => void = () => undefined) {
  const folder = folderWith(files);
  const cacheFolder = join(folderWith({}), 'scan');
  const first = await scanPaths([folder], { cacheFolder });
  const entries = filesIn(cacheFolder);
  for (const entry of entries) change(entry);
  const second = await scanPaths([folder], { cacheFolder });
  return { first: first.paths, second: second.paths, entries, cacheFolder };
}

/** An entry that says something else than what was scanned, well-formed: shows whether it was used. */
function marked(entry: string): void {
  const [, text = ''] = readFileSync(entry, 'utf8').split('\n');
  const changed = text.replace(/"summary":"[^"]*"/, '"summary":"from the cache"');
  const digest = createHash('sha256').update(changed).digest('hex');
  writeFileSync(entry, `${digest}\n${changed}`);
}

describe('results that were found before', () => {
  test('are used for the same bytes under the same name', async () => {
    const { first, second, entries } = await scanned({ 'in/a.safetensors': safetensorsFile() }, marked);
    expect(entries).toHaveLength(1);
    expect(second[0]?.files).toMatchObject([{ ...first[0]?.files[0], summary: 'from the cache' }]);
  });

  test('are not used under another name, for another scanner, or for other bytes', () => {
    const folder = join(folderWith({}), 'scan');
    const scanner = scannerOf(allowNothing);
    const result = { path: 'x/a.bin', size: 1, sha256: 'ab'.repeat(32), verdict: 'pass' as const };
    const whole = { ...result, summary: '', findings: [], left: [], parts: 0, beside: [] };
    openResultCache(folder, scanner)?.put(whole);
    expect(openResultCache(folder, scanner)?.get(result.sha256, 'a.bin')).toEqual(whole);
    expect(openResultCache(folder, scanner)?.get(result.sha256, 'b.bin')).toBeUndefined();
    expect(openResultCache(folder, scanner)?.get('cd'.repeat(32), 'a.bin')).toBeUndefined();
    const others = [
      { ...scanner, version: '0.0.9' },
      { ...scanner, allowList: 'ef'.repeat(32) },
      scannerOf(allowNothing, { depth: 7 }),
      scannerOf({ callables: new Set(['a.b']), digests: new Set() }),
    ];
    for (const other of others) {
      expect(openResultCache(folder, other)?.get(result.sha256, 'a.bin'), JSON.stringify(other)).toBeUndefined();
    }
  });

  test('are not kept where something was left', async () => {
    const { entries } = await scanned({ 'what.bin': ofNoFormat });
    expect(entries).toEqual([]);
  });

  test.for<readonly [string, (entry: string) => void]>([
    [
      'cut short',
      (entry) => {
        writeFileSync(entry, readFileSync(entry).subarray(0, -9));
      },
    ],
    [
      'empty',
      (entry) => {
        writeFileSync(entry, '');
      },
    ],
    [
      'rotten',
      (entry) => {
        writeFileSync(entry, readFileSync(entry, 'utf8').replace('"fail"', '"pass"'));
      },
    ],
    [
      'not JSON',
      (entry) => {
        writeFileSync(entry, `${createHash('sha256').update('{').digest('hex')}\n{`);
      },
    ],
  ])('are ignored when they are %s', async ([, change]) => {
    const { first, second } = await scanned({ 'bad.safetensors': safetensorsFile({ gap: 4 }) }, change);
    expect(first[0]?.verdict).toBe('fail');
    expect(second).toEqual(first);
  });
});

describe.skipIf(process.platform === 'win32')('the folder of the cache', () => {
  test('is of this user alone', async () => {
    const { cacheFolder, entries } = await scanned({ 'a.safetensors': safetensorsFile() });
    expect(statSync(cacheFolder).mode & 0o777).toBe(0o700);
    expect(entries.map((entry) => statSync(entry).mode & 0o777)).toEqual([0o600]);
  });

  test('is not used where others may write, where it is a link, or where it cannot be made', () => {
    const folder = folderWith({ file: '' });
    const scanner = scannerOf(allowNothing);
    mkdirSync(join(folder, 'open'));
    chmodSync(join(folder, 'open'), 0o777);
    mkdirSync(join(folder, 'ours'), { mode: 0o700 });
    symlinkSync('ours', join(folder, 'link'));
    for (const name of ['open', 'link', 'file', 'file/below']) {
      expect(openResultCache(join(folder, name), scanner), name).toBeUndefined();
    }
    expect(openResultCache(join(folder, 'ours'), scanner)).toBeDefined();
  });

  test('does not grow beyond its bounds', () => {
    const folder = join(folderWith({}), 'scan');
    const put = (summary: string): void => {
      const result = { path: 'a', size: 1, sha256: 'ab'.repeat(32), verdict: 'pass' as const, summary };
      openResultCache(folder, scannerOf(allowNothing))?.put({
        ...result,
        findings: [],
        left: [],
        parts: 0,
        beside: [],
      });
    };
    put('x'.repeat(2 ** 15));
    expect(filesIn(folder)).toEqual([]);
    put('');
    const [own = ''] = filesIn(folder);
    for (let at = 0; at < 60; at += 1) {
      const other = `${own.slice(0, -2)}${String(at).padStart(2, '0')}`;
      if (other === own) continue;
      writeFileSync(other, '');
      utimesSync(other, at, at);
    }
    put('again');
    expect(filesIn(folder)).toHaveLength(30);
    expect(readFileSync(own, 'utf8')).toContain('again');
  });
});
