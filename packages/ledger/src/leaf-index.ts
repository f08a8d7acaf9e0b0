import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from './errors.ts';
import { ioError } from './io-error.ts';
import { isCorrupt, isFull } from './sqlite-error.ts';

const indexFile = '.index.sqlite';
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
  readonly inode: number;
  readonly find: StatementSync;
  readonly add: StatementSync;
}

/**
 * Where a leaf hash is in the tree, and which checkpoint was seen last. It is a cache that the tiles can rebuild: its
 * answers are verified, and it may lag behind after a crash. It is used only by the holder of the folder's lock.
 */
export class LeafIndex {
  readonly #file: string;
  #connection: Connection | undefined;

  constructor(folder: string) {
    this.#file = join(folder, indexFile);
  }

  /** The state, `undefined` when the index is new. */
  state(): IndexState | undefined {
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

  /** Throws the index away. Other processes notice that the file is another one and open it anew. */
  reset(): void {
    this.close();
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${this.#file}${suffix}`, { force: true });
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
      if (this.#connection !== undefined && inodeOf(this.#file) !== this.#connection.inode) this.close();
      this.#connection ??= connect(this.#file);
      return work(this.#connection);
    } catch (error) {
      if (isCorrupt(error)) throw new DamagedIndex('the index is damaged', { cause: error });
      if (isFull(error)) {
        const message = 'cannot write the index: the disk is full';
        throw new LedgerError('HF_LEDGER_DISK_FULL', message, { where: indexFile, cause: error });
      }
      throw error instanceof DamagedIndex ? error : ioError(error, 'cannot use the index', indexFile);
    }
  }
}

function connect(file: string): Connection {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // WAL without a sync per commit: a power cut may lose the newest commits, which the tiles give back, but does not
    // damage the file (https://www.sqlite.org/pragma.html#pragma_synchronous).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000');
    createTables(database);
    const find = database.prepare('SELECT position FROM leaf WHERE hash = ?');
    const add = database.prepare('INSERT OR IGNORE INTO leaf (hash, position) VALUES (?, ?)');
    return { database, find, add, inode: inodeOf(file) };
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

function inodeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
}
