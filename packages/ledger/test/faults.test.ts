import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DiskCalls } from '../src/durable-folder.ts';
import { FolderLock } from '../src/folder-lock.ts';
import { createLedger, folderSource, fsck, type Ledger, openLedger, openLedgerReader } from '../src/index.ts';
import {
  base64,
  bytes,
  errorOf,
  expectCode,
  mth,
  needs,
  numbered,
  origin,
  signers,
  temporaryFolder,
  trust,
} from './scene.ts';

async function ledgerOf(size: number, folder = temporaryFolder()): Promise<string> {
  const ledger = await createLedger(folder, { origin, signers });
  await ledger.append(numbered(0, size));
  await ledger.close();
  return folder;
}

async function expectClean(folder: string, entries: readonly Uint8Array[]): Promise<void> {
  const { problems, rootHash } = await fsck(folderSource(folder), trust);
  expect(problems).toEqual([]);
  expect(base64(rootHash ?? new Uint8Array())).toBe(base64(mth(entries)));
}

/** Puts checkpoint and tiles of one folder into another, whose index stays. */
function replaceLog(folder: string, by: string): void {
  for (const name of ['checkpoint', 'tile']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    if (existsSync(join(by, name))) cpSync(join(by, name), join(folder, name), { recursive: true });
  }
}

describe('what was seen before', () => {
  test('is not forgotten: a smaller checkpoint is a rollback', async () => {
    const folder = await ledgerOf(10);
    const backup = temporaryFolder();
    replaceLog(backup, folder);
    const ledger = await openLedger(folder, { signers });
    await ledger.append(numbered(10, 20));
    replaceLog(folder, backup);
    await expectCode(() => ledger.append([bytes('more')]), 'HF_LEDGER_ROLLBACK', 'checkpoint');
    await ledger.close();
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_ROLLBACK', 'checkpoint');
    // It is a finding, not a state: nothing was changed by looking.
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_ROLLBACK', 'checkpoint');
  });

  test.each([[10], [12], [300]])('is not forgotten: another history of %i entries is a fork', async (size) => {
    const folder = await ledgerOf(10);
    const other = temporaryFolder();
    const fork = await createLedger(other, { origin, signers });
    await fork.append(numbered(1, size + 1));
    await fork.close();
    const ledger = await openLedger(folder, { signers });
    replaceLog(folder, other);
    await expectCode(() => ledger.append([bytes('more')]), 'HF_LEDGER_FORK', 'checkpoint');
    await ledger.close();
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_FORK', 'checkpoint');
  });

  test('is not forgotten: a missing checkpoint is a rollback', async () => {
    const folder = await ledgerOf(10);
    const ledger = await openLedger(folder, { signers });
    rmSync(join(folder, 'checkpoint'));
    await expectCode(() => ledger.append([bytes('more')]), 'HF_LEDGER_ROLLBACK');
    await ledger.close();
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_ROLLBACK');
    await expectCode(() => createLedger(folder, { origin, signers }), 'HF_LEDGER_ROLLBACK');
  });

  test('may be continued by a copy of the same ledger that has grown', async () => {
    const folder = await ledgerOf(10);
    const other = temporaryFolder();
    cpSync(folder, other, { recursive: true });
    const grown = await openLedger(other, { signers });
    await grown.append(numbered(10, 700));
    await grown.close();
    replaceLog(folder, other);
    const ledger = await openLedger(folder, { signers });
    expect(await ledger.append([bytes('entry 650'), bytes('new')])).toEqual([
      { index: 650, duplicate: true },
      { index: 700, duplicate: false },
    ]);
    await ledger.close();
  });

  test('leaves an empty ledger free to be made again', async () => {
    const folder = await ledgerOf(0);
    rmSync(join(folder, 'checkpoint'));
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_NOT_FOUND');
    await ledgerOf(3, folder);
    await expectClean(folder, numbered(0, 3));
  });
});

describe('damaged files', () => {
  test('stop appending', async () => {
    const folder = await ledgerOf(300);
    const tile = join(folder, 'tile/0/001.p/44');
    const good = readFileSync(tile);
    writeFileSync(
      tile,
      Uint8Array.from(good, (byte, at) => (at === 5 ? byte ^ 1 : byte)),
    );
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_TILE_CORRUPT', 'tile/0/001.p/44');
    truncateSync(tile, 100);
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_TILE_TRUNCATED', 'tile/0/001.p/44');
    rmSync(tile);
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_TILE_MISSING', 'tile/0/001.p/44');
    writeFileSync(tile, good);
    await (await openLedger(folder, { signers })).close();
  });

  test('are not copied: a damaged partial bundle stops appending', async () => {
    const folder = await ledgerOf(300);
    const bundle = join(folder, 'tile/entries/001.p/44');
    writeFileSync(
      bundle,
      Uint8Array.from(readFileSync(bundle), (byte, at) => (at === 5 ? byte ^ 1 : byte)),
    );
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_TILE_CORRUPT', 'tile/entries/001.p/44');
  });
});

describe('the index', () => {
  const index = (folder: string): string => join(folder, indexName(folder));
  const made = '.index-0000000000000000.sqlite';

  function indexName(folder: string): string {
    const names = readdirSync(folder).filter((name) => /^\.index-[0-9a-f]{16}\.sqlite$/.test(name));
    expect(names).toHaveLength(1);
    return names[0] ?? '';
  }
  const damages: readonly [string, (folder: string) => void][] = [
    [
      'missing',
      (folder) => {
        rmSync(index(folder));
      },
    ],
    [
      'empty',
      (folder) => {
        truncateSync(index(folder), 0);
      },
    ],
    [
      'cut short',
      (folder) => {
        truncateSync(index(folder), 5000);
      },
    ],
    [
      'no database',
      (folder) => {
        writeFileSync(index(folder), 'x'.repeat(10_000));
      },
    ],
    [
      'full of garbage behind its header',
      (folder) => {
        const data = readFileSync(index(folder));
        writeFileSync(
          index(folder),
          Uint8Array.from(data, (byte, at) => (at < 100 ? byte : byte ^ 0x5a)),
        );
      },
    ],
    [
      'of another version',
      (folder) => {
        changeIndex(folder, 'PRAGMA user_version = 7');
      },
    ],
    [
      'lying about positions',
      (folder) => {
        changeIndex(folder, 'UPDATE leaf SET position = (position + 1) % 300');
      },
    ],
    [
      'naming leaves that are not there',
      (folder) => {
        changeIndex(folder, 'UPDATE leaf SET position = 100000');
      },
    ],
    [
      'of wrong types',
      (folder) => {
        changeIndex(folder, "UPDATE state SET root = 'text'");
      },
    ],
    [
      'lagging behind',
      (folder) => {
        changeIndex(folder, 'DELETE FROM leaf WHERE position >= 100; UPDATE state SET indexed = 100');
      },
    ],
  ];

  function changeIndex(folder: string, sql: string): void {
    const database = new DatabaseSync(index(folder));
    database.exec(sql);
    database.close();
  }

  test.each(damages)('that is %s is rebuilt from the tiles', async (_what, damage) => {
    const folder = await ledgerOf(300);
    damage(folder);
    const ledger = await openLedger(folder, { signers });
    const appended = await ledger.append([bytes('entry 7'), bytes('entry 299'), bytes('new')]);
    expect(appended).toEqual([
      { index: 7, duplicate: true },
      { index: 299, duplicate: true },
      { index: 300, duplicate: false },
    ]);
    await ledger.close();
    await expectClean(folder, [...numbered(0, 300), bytes('new')]);
  });

  test('that is damaged does not keep a ledger from being created', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, made), 'no database at all');
    await ledgerOf(3, folder);
    await expectClean(folder, numbered(0, 3));
  });

  test('that is thrown away under a writer is opened anew', async () => {
    const folder = await ledgerOf(300);
    const ledger = await openLedger(folder, { signers });
    const name = index(folder);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${name}${suffix}`, { force: true });
    expect(await ledger.append([bytes('entry 7')])).toEqual([{ index: 7, duplicate: true }]);
    await ledger.close();
  });

  test('that one writer throws away is opened anew by the others', async () => {
    const folder = await ledgerOf(300);
    const [a, b] = [await openLedger(folder, { signers }), await openLedger(folder, { signers })];
    await a.append([bytes('from a')]);
    await b.append([bytes('from b')]);
    const before = indexName(folder);
    changeIndex(folder, 'UPDATE leaf SET position = (position + 1) % 300');
    expect(await b.append([bytes('entry 7'), bytes('from a')])).toEqual([
      { index: 7, duplicate: true },
      { index: 300, duplicate: true },
    ]);
    expect(indexName(folder)).not.toBe(before);
    expect(await a.append([bytes('from b'), bytes('more of a')])).toEqual([
      { index: 301, duplicate: true },
      { index: 302, duplicate: false },
    ]);
    await a.close();
    expect(await b.append([bytes('more of a'), bytes('last')])).toEqual([
      { index: 302, duplicate: true },
      { index: 303, duplicate: false },
    ]);
    await b.close();
    const c = await openLedger(folder, { signers });
    expect(await c.append([bytes('last'), bytes('entry 299')])).toEqual([
      { index: 303, duplicate: true },
      { index: 299, duplicate: true },
    ]);
    await c.close();
    await expectClean(folder, [...numbered(0, 300), ...['from a', 'from b', 'more of a', 'last'].map(bytes)]);
  });

  test('in whose place a folder is, is an error of the system', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, made));
    await expectCode(() => ledgerOf(1, folder), 'HF_LEDGER_IO');
  });
});

describe('the lock', () => {
  test('of another holder is waited for, and given up on after the deadline', async () => {
    const folder = await ledgerOf(3);
    const other = new FolderLock(folder, 0);
    await other.acquire();
    await expectCode(() => openLedger(folder, { signers, lockDeadline: 20 }), 'HF_LEDGER_LOCKED');
    const opening = openLedger(folder, { signers });
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.release();
    const ledger = await opening;
    await other.acquire();
    const appending = ledger.append([bytes('late')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.release();
    expect(await appending).toEqual([{ index: 3, duplicate: false }]);
    await ledger.close();
    other.close();
  });

  test('that is no lock is an error of the system', async () => {
    const folder = await ledgerOf(3);
    rmSync(join(folder, '.lock'));
    writeFileSync(join(folder, '.lock'), 'x'.repeat(4096));
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_IO', '.lock');
  });
});

/** Disk calls of which the one with number `failing` ends in an error; counts them. */
function failingDisk(code: string): { calls: Partial<DiskCalls>; failAt: (call: number) => void; count: () => number } {
  let [count, failing] = [0, 0];
  const step = (): void => {
    if (++count === failing) throw Object.assign(new Error(`${code}: simulated`), { code });
  };
  return {
    calls: {
      async write(file, data) {
        // A full disk takes a part of the data.
        await file.writeFile(data.subarray(0, data.length / 2));
        step();
        await file.writeFile(data.subarray(data.length / 2));
      },
      async sync(file) {
        step();
        await file.sync();
      },
    },
    failAt(call) {
      [count, failing] = [0, call];
    },
    count: () => count,
  };
}

describe('a disk that fails', () => {
  test.each([
    ['ENOSPC', 'HF_LEDGER_DISK_FULL'],
    ['EDQUOT', 'HF_LEDGER_DISK_FULL'],
    ['EIO', 'HF_LEDGER_IO'],
  ] as const)('with %s at any call leaves nothing half-written, and the ledger goes on', async (code, expected) => {
    const folder = temporaryFolder();
    const disk = failingDisk(code);
    const ledger = await createLedger(folder, { origin, signers, disk: disk.calls });
    disk.failAt(0);
    await ledger.append(numbered(0, 250));
    const calls = disk.count();
    expect(calls).toBe(6);
    for (let call = 1; call <= 12; call++) {
      const before = ledger.checkpoint.text;
      const files = listing(folder);
      disk.failAt(call);
      const entries = numbered(ledger.size, ledger.size + 8);
      const outcome = await errorOf(() => ledger.append(entries)).catch(() => undefined);
      if (outcome === undefined) {
        expect(disk.count()).toBeLessThan(call);
        continue;
      }
      expect(outcome.code).toBe(expected);
      expect(ledger.checkpoint.text).toBe(before);
      expect(listing(folder)).toEqual(files);
      expect(readdirSync(join(folder, '.tmp'))).toEqual([]);
      disk.failAt(0);
      expect((await ledger.append(entries)).map(({ duplicate }) => duplicate)).toEqual(
        new Array<boolean>(8).fill(false),
      );
    }
    await ledger.close();
    await expectClean(folder, numbered(0, ledger.size));
  });

  function listing(folder: string): string[] {
    return execFileSync('find', ['checkpoint', 'tile', '-type', 'f'], { cwd: folder, encoding: 'utf8' })
      .split('\n')
      .sort();
  }

  test('when the checkpoint already has its name keeps the entries, and answers the retry with duplicates', async () => {
    const folder = temporaryFolder();
    let failing = false;
    const syncFolder = (name: string): Promise<void> => {
      const broken = failing && name === folder;
      return broken ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })) : Promise.resolve();
    };
    const ledger = await createLedger(folder, { origin, signers, disk: { syncFolder } });
    await ledger.append([bytes('a')]);
    failing = true;
    await expectCode(() => ledger.append([bytes('b')]), 'HF_LEDGER_IO');
    failing = false;
    expect(await ledger.append([bytes('b'), bytes('c')])).toEqual([
      { index: 1, duplicate: true },
      { index: 2, duplicate: false },
    ]);
    await ledger.close();
    await expectClean(folder, [bytes('a'), bytes('b'), bytes('c')]);
  });

  test('when names are given leaves nothing behind', async () => {
    const folder = temporaryFolder();
    let failing = false;
    const fail = (): Promise<never> => Promise.reject(Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }));
    const { rename } = await import('node:fs/promises');
    const disk = { rename: (from: string, to: string) => (failing ? fail() : rename(from, to)) };
    const ledger = await createLedger(folder, { origin, signers, disk });
    failing = true;
    await expectCode(() => ledger.append([bytes('a')]), 'HF_LEDGER_DISK_FULL');
    failing = false;
    expect(await ledger.append([bytes('a')])).toEqual([{ index: 0, duplicate: false }]);
    await ledger.close();
    await expectClean(folder, [bytes('a')]);
  });

  test('because it is full, really, is survived', async (context) => {
    const folder = temporaryFolder();
    needs(context, mountSmallDisk(folder), 'root, to mount a small disk');
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, new Uint8Array(300 * 1024));
    const ledger = await createLedger(join(folder, 'ledger'), { origin, signers });
    const kept: Uint8Array[] = [];
    const failed = await fill(ledger, kept);
    expect(failed.code).toBe('HF_LEDGER_DISK_FULL');
    expect(kept.length).toBeGreaterThan(10);
    await expectClean(join(folder, 'ledger'), kept);
    expect(readdirSync(join(folder, 'ledger/.tmp'))).toEqual([]);
    rmSync(ballast);
    const more = [bytes('goes on')];
    expect(await ledger.append(more)).toEqual([{ index: kept.length, duplicate: false }]);
    await ledger.close();
    await expectClean(join(folder, 'ledger'), [...kept, ...more]);
  });

  async function fill(ledger: Ledger, kept: Uint8Array[]) {
    for (;;) {
      const entry = bytes(`${kept.length} `.padEnd(2000, 'x'));
      const error = await errorOf(() => ledger.append([entry])).catch(() => undefined);
      if (error !== undefined) return error;
      kept.push(entry);
    }
  }

  function mountSmallDisk(folder: string): boolean {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      return false;
    }
    onTestFinished(() => {
      execFileSync('umount', [folder]);
    });
    return true;
  }
});

describe('what a crash leaves', () => {
  test('among the temporary files is cleared away', async () => {
    const folder = await ledgerOf(3);
    writeFileSync(join(folder, '.tmp', '4711-0'), 'half a tile');
    await (await openLedger(folder, { signers })).close();
    expect(readdirSync(join(folder, '.tmp'))).toEqual([]);
  });

  test('beyond the checkpoint is neither read nor kept', async () => {
    const folder = await ledgerOf(250);
    const stale = ['tile/0/000', 'tile/0/000.p/255', 'tile/0/001.p/30', 'tile/1/000.p/1', 'tile/1/000.p/2'];
    const staleBundles = ['tile/entries/000', 'tile/entries/000.p/255', 'tile/entries/001.p/30', 'tile/entries/001'];
    for (const name of [...stale, ...staleBundles]) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), 'tiles of a tree that never was');
    }
    await expectClean(folder, numbered(0, 250));
    const ledger = await openLedger(folder, { signers });
    for (const size of [251, 252, 257, 290, 511, 512, 520]) {
      await ledger.append(numbered(ledger.size, size));
      await expectClean(folder, numbered(0, size));
    }
    await ledger.close();
    for (const name of stale) {
      if (existsSync(join(folder, name))) expect(readFileSync(join(folder, name), 'latin1')).not.toContain('never was');
    }
    const reader = await openLedgerReader(folderSource(folder), trust);
    expect(base64(await reader.entry(255))).toBe(base64(bytes('entry 255')));
  });
});
