import { hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { FileStamp } from './stamp.ts';

/**
 * Remembers the SHA-256 of files that have not been touched since they were read.
 *
 * It trusts what the file system says about a file (device, inode, size, and the times of the last write and the last
 * change) and whoever can write the cache. Where that is not enough, as before a gate, pass `force: true`.
 */
export interface DigestCache {
  /** Lowercase hex for each stamp, or undefined when the file is not known in this very state. */
  get(stamps: readonly FileStamp[]): readonly (string | undefined)[];
  /** Stores digests of files that were just read and still carried `stamp` afterwards. */
  put(entries: readonly CachedDigest[]): void;
  close(): void;
}

export interface CachedDigest {
  readonly stamp: FileStamp;
  readonly sha256: string;
}

export interface DigestCacheOptions {
  /** Nanoseconds since 1970; for tests. */
  readonly now?: () => bigint;
}

/** Two writes closer together than this can leave the same time behind: kernels count in ticks of up to 10 ms. */
const TICK_NS = 20_000_000n;
/** A time on a full second comes from a file system that counts in seconds (FAT: in two). */
const COARSE_NS = 2_100_000_000n;
const MOST_ENTRIES = 1_000_000;
const VERSION = 1;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
/** `HFdc`. */
const APPLICATION_ID = 0x48466463;

/**
 * Opens the cache at `file`, or makes it. A cache that is damaged, locked or of another version is not an error:
 * it is started afresh, or does without. SQLite because entries come and go one by one from several processes at
 * once; a text file would be read and written whole, and the last writer would win.
 */
export function openDigestCache(file: string, options: DigestCacheOptions = {}): DigestCache {
  const now = options.now ?? ((): bigint => BigInt(Date.now()) * 1_000_000n);
  const owner = ownerOf(file);
  if (owner === 'other') return forgetful; // a slip of the path must not cost somebody else's file
  const database = openDatabase(file) ?? (owner === 'ours' ? openAfresh(file) : undefined);
  return database === undefined ? forgetful : new SqliteCache(file, database, now);
}

const forgetful: DigestCache = {
  get: (stamps) => stamps.map(() => undefined),
  put: () => undefined,
  close: () => undefined,
};

/** Whose file this is, by the application id in an SQLite header (SQLite, Database File Format, section 1.3). */
function ownerOf(file: string): 'nobody' | 'ours' | 'other' {
  try {
    const header = Buffer.alloc(72);
    const descriptor = openSync(file, 'r');
    const count = readSync(descriptor, header, 0, header.length, 0);
    closeSync(descriptor);
    if (count === 0) return 'nobody';
    return count === header.length && header.readUInt32BE(68) === APPLICATION_ID ? 'ours' : 'other';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nobody' : 'other';
  }
}

function openAfresh(file: string): DatabaseSync | undefined {
  return remove(file) ? openDatabase(file) : undefined;
}

function remove(file: string): boolean {
  try {
    for (const part of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
    return true;
  } catch {
    return false;
  }
}

function openDatabase(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file, { timeout: 250 });
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version !== VERSION && version !== 0) throw new Error('another version');
    database.exec(`
      PRAGMA synchronous = NORMAL;
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${VERSION};
      CREATE TABLE IF NOT EXISTS digest (file TEXT PRIMARY KEY, state TEXT, sha256 TEXT, sum TEXT) WITHOUT ROWID;`);
    database.prepare('SELECT state, sha256, sum FROM digest WHERE file = ?').get('');
    return database;
  } catch {
    database?.close();
    return undefined;
  }
}

class SqliteCache implements DigestCache {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #now: () => bigint;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;

  constructor(file: string, database: DatabaseSync, now: () => bigint) {
    this.#file = file;
    this.#database = database;
    this.#now = now;
    this.#select = database.prepare('SELECT state, sha256, sum FROM digest WHERE file = ?');
    this.#insert = database.prepare('INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?)');
  }

  get(stamps: readonly FileStamp[]): readonly (string | undefined)[] {
    try {
      this.#database.exec('BEGIN'); // one lock for all of them, not one each
      const digests = stamps.map((stamp) => this.#row(stamp));
      this.#database.exec('COMMIT');
      return digests;
    } catch (error) {
      this.#giveUp(error); // the files are read
      return stamps.map(() => undefined);
    }
  }

  #row(stamp: FileStamp): string | undefined {
    const row = this.#select.get(fileOf(stamp));
    const sha256 = row?.['sha256'];
    if (typeof sha256 !== 'string' || row?.['state'] !== stateOf(stamp)) return undefined;
    return row['sum'] === sumOf(stamp, sha256) ? sha256 : undefined;
  }

  put(entries: readonly CachedDigest[]): void {
    const now = this.#now();
    const settled = entries.filter(({ stamp }) => isSettled(stamp, now));
    if (settled.length === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      this.#makeRoom(settled.length);
      for (const { stamp, sha256 } of settled) {
        this.#insert.run(fileOf(stamp), stateOf(stamp), sha256, sumOf(stamp, sha256));
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#giveUp(error); // the next run reads the files again
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Starts over when full: entries of files that are long gone cannot be told from others. */
  #makeRoom(count: number): void {
    const row = this.#database.prepare('SELECT count(*) AS entries FROM digest').get();
    if (Number(row?.['entries']) + count > MOST_ENTRIES) this.#database.exec('DELETE FROM digest');
  }

  /** Locked, or the disk is full: nothing is lost. A damaged cache is removed, so that the next one starts afresh. */
  #giveUp(error: unknown): void {
    const { errcode } = error as { errcode?: number };
    if (errcode === undefined) throw error; // not SQLite's: a mistake of ours
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // nothing had begun
    }
    if ([SQLITE_CORRUPT, SQLITE_NOTADB].includes(errcode & 0xff)) remove(this.#file);
  }
}

/**
 * Whether a later write must show in the stamp. A file that was written just now can be written again within the
 * same tick of the clock and look untouched: git calls such an index entry racily clean
 * (git, Documentation/technical/racy-git.txt) and looks at the contents. We do not remember it.
 */
function isSettled(stamp: FileStamp, now: bigint): boolean {
  return [stamp.mtimeNs, stamp.ctimeNs].every((time) => {
    const margin = time % 1_000_000_000n === 0n ? COARSE_NS : TICK_NS;
    return time + margin < now;
  });
}

const fileOf = (stamp: FileStamp): string => `${stamp.dev}:${stamp.ino}`;
const stateOf = (stamp: FileStamp): string => `${stamp.size}:${stamp.mtimeNs}:${stamp.ctimeNs}`;

/** Finds accidents (a flipped bit, a torn page), not attackers. */
function sumOf(stamp: FileStamp, sha256: string): string {
  return hash('sha256', `${fileOf(stamp)} ${stateOf(stamp)} ${sha256}`).slice(0, 16);
}
