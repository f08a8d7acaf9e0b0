import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from './errors.ts';
import { ioError } from './io-error.ts';
import { isBusy } from './sqlite-error.ts';

const lockFile = '.lock';
const shortestPause = 1;
const longestPause = 8;

/**
 * A lock that one process (and in it one holder) has at a time, and that the operating system takes back when the
 * process dies: an exclusive transaction on an empty SQLite database. Waiting never blocks the event loop.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #deadline: number;
  #database: DatabaseSync | undefined;

  /** @param deadline milliseconds to wait for the lock */
  constructor(folder: string, deadline: number) {
    this.#folder = folder;
    this.#deadline = deadline;
  }

  /** @throws LedgerError HF_LEDGER_LOCKED after the deadline, HF_LEDGER_IO when the lock file cannot be used */
  async acquire(): Promise<void> {
    const end = performance.now() + this.#deadline;
    while (!this.#tryAcquire()) {
      if (performance.now() >= end) {
        const message = `another process has locked \`${this.#folder}\` for ${this.#deadline} ms`;
        throw new LedgerError('HF_LEDGER_LOCKED', message, { where: lockFile });
      }
      // A random pause, so that waiting processes do not wake in step.
      await new Promise((wake) => setTimeout(wake, shortestPause + Math.random() * (longestPause - shortestPause)));
    }
  }

  #tryAcquire(): boolean {
    try {
      this.#database ??= openLockDatabase(join(this.#folder, lockFile));
      this.#database.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      this.close();
      throw ioError(error, 'cannot use the lock file', lockFile);
    }
  }

  release(): void {
    this.#database?.exec('ROLLBACK');
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}

function openLockDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  // Nothing is ever written to it, so it needs no journal beside it.
  database.exec('PRAGMA journal_mode = MEMORY');
  return database;
}
