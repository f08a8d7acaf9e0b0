import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from './errors.ts';
import { ioError } from './io-error.ts';
import { isBusy, isCorrupt, isFull } from './sqlite-error.ts';

const indexFile = '.index-*.sqlite';
const indexName = /^\.index-[0-9a-f]{16}\.sqlite$/;
const schemaVersion = 1;

/** What the index knows: how many leaves it holds, and the largest checkpoint that was ever accepted here. */
export interface IndexState {
  readonly indexed: number;
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/** The index cannot be read: it has to be made anew from the tiles. */
export class DamagedIndex extends Error {
  override readonly name = 'DamagedIndex';
}

interface Connection {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly find: StatementSync;
  readonly add: StatementSync;
}

/**
 * Where a leaf hash is in the tree, and which checkpoint was seen last. It is a cache that the tiles can rebuild: its
 * answers are verified, and it may lag behind after a crash. It is used only by the holder of the folder's lock.
 */
export class LeafIndex {
  readonly #folder: string;
  #connection: Connection | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The state, `undefined` when the index is new. To be asked first whenever the lock was taken. */
  state(): IndexState | undefined {
    if (this.#connection !== undefined && !existsSync(this.#connection.file)) this.close();
    return this.#use(({ database }) => {
      const row = database.prepare('SELECT indexed, size, root FROM state').get();
      if (row === undefined) return undefined;
      const { indexed, size, root } = row;
      if (typeof indexed === 'number' && typeof size === 'number' && root instanceof Uint8Array) {
        return { indexed, size, rootHash: root };
      }
      throw new DamagedIndex('state has the wrong types');
    });
  }

  /** Index of the first leaf with this hash. */
  find(leafHash: Uint8Array): number | undefined {
    return this.#use(({ find }) => {
      const position = find.get(leafHash)?.['position'];
      return typeof position === 'number' ? position : undefined;
    });
  }

  /** Adds the hashes of consecutive leaves, and remembers the state, in one transaction. */
  add(first: number, leafHashes: readonly Uint8Array[], state: IndexState): void {
    this.#use(({ database, add }) => {
      database.exec('BEGIN');
      try {
        for (const [at, hash] of leafHashes.entries()) add.run(hash, first + at);
        const save = 'INSERT OR REPLACE INTO state (id, indexed, size, root) VALUES (1, ?, ?, ?)';
        database.prepare(save).run(state.indexed, state.size, state.rootHash);
        database.exec('COMMIT');
      } catch (error) {
        // After a full disk SQLite may have rolled back by itself.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /**
   * Throws the index away. The next one has another name: a process that still has this one open would, when it
   * closes, remove the write-ahead log of whatever has its name.
   */
  reset(): void {
    const file = this.#connection?.file ?? findIndex(this.#folder);
    this.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  }

  get isOpen(): boolean {
    return this.#connection !== undefined;
  }

  close(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    try {
      connection?.database.close();
    } catch (error) {
      if (!isCorrupt(error)) throw ioError(error, 'cannot close the index', indexFile);
    }
  }

  #use<T>(work: (connection: Connection) => T): T {
    try {
      this.#connection ??= connect(findIndex(this.#folder));
      return work(this.#connection);
    } catch (error) {
      if (isCorrupt(error)) throw new DamagedIndex('the index is damaged', { cause: error });
      if (isBusy(error)) {
        throw new LedgerError('HF_LEDGER_LOCKED', 'another process uses the index', { where: indexFile, cause: error });
      }
      if (isFull(error)) {
        const message = 'cannot write the index: the disk is full';
        throw new LedgerError('HF_LEDGER_DISK_FULL', message, { where: indexFile, cause: error });
      }
      throw error instanceof DamagedIndex ? error : ioError(error, 'cannot use the index', indexFile);
    }
  }
}

function connect(file: string): Connection {
  const database = new DatabaseSync(file, { timeout: 5 });
  try {
    // WAL without a sync per commit: a power cut may lose the newest commits, which the tiles give back, but does not
    // damage the file (https://www.sqlite.org/pragma.html#pragma_synchronous).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000');
    createTables(database);
    const find = database.prepare('SELECT position FROM leaf WHERE hash = ?');
    const add = database.prepare('INSERT OR IGNORE INTO leaf (hash, position) VALUES (?, ?)');
    return { database, find, add, file };
  } catch (error) {
    database.close();
    throw error;
  }
}

function createTables(database: DatabaseSync): void {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version === schemaVersion) return;
  if (version !== 0) throw new DamagedIndex('the index is of another version');
  database.exec(`
    BEGIN;
    CREATE TABLE leaf (hash BLOB PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE state (
      id INTEGER PRIMARY KEY CHECK (id = 1), indexed INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL
    );
    PRAGMA user_version = ${schemaVersion};
    COMMIT`);
}

/** The index that is there, or a name that none ever had. */
function findIndex(folder: string): string {
  const [name] = readdirSync(folder)
    .filter((candidate) => indexName.test(candidate))
    .sort();
  return join(folder, name ?? `.index-${randomBytes(8).toString('hex')}.sqlite`);
}
