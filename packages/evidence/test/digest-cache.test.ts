import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestArtifact } from '../src/digest/artifact.ts';
import { type DigestCache, openDigestCache } from '../src/digest/cache.ts';
import type { FileStamp } from '../src/digest/stamp.ts';
import { temporaryFolder } from './digest-peers.ts';

const second = 1_000_000_000n;
const written = 1_700_000_000n * second + 5n;
const stamp: FileStamp = { dev: 1n, ino: 2n, size: 3n, mtimeNs: written, ctimeNs: written };
const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const later = { now: (): bigint => written + 60n * second };

/** `abc` in a file: its SHA-256 is in FIPS 180-2, appendix B.1. */
function abc(): { file: string; database: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, 'abc');
  return { file, database: join(folder, 'cache', 'digests.db') };
}

/** As if a minute had gone by since anything was written. */
const inAMinute = { now: (): bigint => BigInt(Date.now() + 60_000) * 1_000_000n };

function counting(cache: DigestCache): DigestCache & { hits: number } {
  return {
    hits: 0,
    get(wanted) {
      const found = cache.get(wanted);
      this.hits += found.filter((digest) => digest !== undefined).length;
      return found;
    },
    put: (entries) => {
      cache.put(entries);
    },
    close: () => {
      cache.close();
    },
  };
}

describe('a digest cache', () => {
  test('gives back what was put, also to the next process that opens it', () => {
    const { database } = abc();
    const cache = openDigestCache(database, later);
    expect(cache.get([stamp])).toEqual([undefined]);
    cache.put([{ stamp, sha256 }]);
    expect(cache.get([stamp])).toEqual([sha256]);
    cache.close();
    const again = openDigestCache(database, later);
    expect(again.get([stamp])).toEqual([sha256]);
    again.close();
    again.close();
  });

  test.each<keyof FileStamp>(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'])(
    'knows nothing when `%s` differs',
    (field) => {
      const cache = openDigestCache(abc().database, later);
      cache.put([{ stamp, sha256 }]);
      expect(cache.get([{ ...stamp, [field]: stamp[field] + 1n }])).toEqual([undefined]);
      cache.close();
    },
  );

  test('does not remember what was written in the same tick of the clock (git: racy-git.txt)', () => {
    for (const [time, now, remembered] of [
      [written, written, false],
      [written, written + 10_000_000n, false],
      [written, written + 21_000_000n, true],
      [written, written - second, false], // a clock in the past
      [1_700_000_000n * second, 1_700_000_001n * second, false], // a file system that counts in seconds
      [1_700_000_000n * second, 1_700_000_003n * second, true],
    ] as const) {
      for (const field of ['mtimeNs', 'ctimeNs'] as const) {
        const cache = openDigestCache(abc().database, { now: () => now });
        const fresh = { ...stamp, mtimeNs: written - 9n * second, ctimeNs: written - 9n * second, [field]: time };
        cache.put([{ stamp: fresh, sha256 }]);
        expect(cache.get([fresh])).toEqual([remembered ? sha256 : undefined]);
        cache.close();
      }
    }
  });

  test('serves digestArtifact: hit, changed file, forced reading', async () => {
    const { file, database } = abc();
    const cache = counting(openDigestCache(database, inAMinute));
    const first = await digestArtifact(file, { cache });
    expect(cache.hits).toBe(0);
    expect(await digestArtifact(file, { cache })).toEqual(first);
    expect(first.digests.sha256).toBe(sha256);
    expect(cache.hits).toBe(1);
    await digestArtifact(file, { cache, force: true });
    expect(cache.hits).toBe(1);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'abd');
    utimesSync(file, atime, mtime); // as `touch -r` hides a change: ctime still tells
    expect((await digestArtifact(file, { cache })).digests.sha256).not.toBe(sha256);
    expect(cache.hits).toBe(1);
    cache.close();
  });

  test('force reads the file although the cache has an answer, and mends the cache', async () => {
    const { file, database } = abc();
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const cache = openDigestCache(database, inAMinute);
    cache.put([{ stamp: { dev, ino, size, mtimeNs, ctimeNs }, sha256: '0'.repeat(64) }]);
    expect((await digestArtifact(file, { cache })).digests.sha256).toBe('0'.repeat(64));
    expect((await digestArtifact(file, { cache, force: true })).digests.sha256).toBe(sha256);
    expect((await digestArtifact(file, { cache })).digests.sha256).toBe(sha256);
    cache.close();
  });

  test('is open twice at once', () => {
    const { database } = abc();
    const [one, two] = [openDigestCache(database, later), openDigestCache(database, later)];
    one.put([{ stamp, sha256 }]);
    expect(two.get([stamp])).toEqual([sha256]);
    two.put([{ stamp: { ...stamp, ino: 3n }, sha256 }]);
    expect(one.get([{ ...stamp, ino: 3n }])).toEqual([sha256]);
    one.close();
    two.close();
  });

  test('that is locked does without', () => {
    const { database } = abc();
    openDigestCache(database, later).close();
    const other = new DatabaseSync(database);
    const cache = openDigestCache(database, later);
    other.exec('BEGIN EXCLUSIVE');
    cache.put([{ stamp, sha256 }]);
    expect(cache.get([stamp])).toEqual([undefined]);
    other.close();
    cache.close();
  });

  test('ignores an entry that was altered', () => {
    const { database } = abc();
    const cache = openDigestCache(database, later);
    cache.put([{ stamp, sha256 }]);
    const other = new DatabaseSync(database);
    other.exec(`UPDATE digest SET sha256 = '${'0'.repeat(64)}'`);
    other.close();
    expect(cache.get([stamp])).toEqual([undefined]);
    cache.close();
  });

  test('of another version is started afresh', () => {
    const { database } = abc();
    openDigestCache(database, later).close();
    const other = new DatabaseSync(database);
    other.exec('PRAGMA user_version = 99');
    other.close();
    const cache = openDigestCache(database, later);
    cache.put([{ stamp, sha256 }]);
    expect(cache.get([stamp])).toEqual([sha256]);
    cache.close();
  });

  test('leaves a file alone that is not its own', async () => {
    const { file, database } = abc();
    mkdirSync(dirname(database));
    const other = new DatabaseSync(database);
    other.exec('CREATE TABLE mine (value)');
    other.close();
    for (const path of [file, database]) {
      const before = readFileSync(path);
      const cache = openDigestCache(path, inAMinute);
      expect((await digestArtifact(file, { cache })).digests.sha256).toBe(sha256);
      cache.close();
      expect(readFileSync(path)).toEqual(before);
    }
  });

  test('that cannot be made does without', async () => {
    const { file } = abc();
    const cache = openDigestCache(join(file, 'below', 'a', 'file'), inAMinute);
    expect((await digestArtifact(file, { cache })).digests.sha256).toBe(sha256);
    cache.close();
  });

  test('with a damaged page is started afresh', () => {
    const { database } = abc();
    const whole = openDigestCache(database, later);
    whole.put([{ stamp, sha256 }]);
    whole.close();
    const bytes = readFileSync(database);
    writeFileSync(database, bytes.fill(0xff, 4096));
    const cache = openDigestCache(database, later);
    expect(cache.get([stamp])).toEqual([undefined]);
    cache.put([{ stamp, sha256 }]);
    expect(cache.get([stamp])).toEqual([sha256]);
    cache.close();
  });

  test('damaged anywhere: never an error, never a wrong digest', async () => {
    const { file, database } = abc();
    const stamps = Array.from({ length: 200 }, (_, index) => ({ stamp: { ...stamp, ino: BigInt(index) }, sha256 }));
    const whole = openDigestCache(database, inAMinute);
    whole.put(stamps);
    await digestArtifact(file, { cache: whole });
    whole.close();
    const bytes = readFileSync(database);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(bytes.length), async (changes, length) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        writeFileSync(database, damaged.subarray(0, length));
        const cache = openDigestCache(database, inAMinute);
        expect((await digestArtifact(file, { cache })).digests.sha256).toBe(sha256);
        for (const digest of cache.get(stamps.map((entry) => entry.stamp)))
          expect([sha256, undefined]).toContain(digest);
        cache.put(stamps);
        cache.close();
      }),
      { numRuns: 60 },
    );
  });
});
