import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLock } from '@holdfast/ledger/folder-lock';
import { GatewayError } from '../errors.ts';
import { type KeptKey, readKey, writtenKey } from './kept-key.ts';
import type { AskedKey, HeldKey, KeptAnswer, KeyJournal } from './key-journal.ts';

export interface FileJournalOptions {
  /** Of this route, used by every process that serves it. */
  readonly folder: string;
  /** This process, unlike every other. */
  readonly owner: string;
  /** Whether the process of that name is still there. */
  readonly isLive: (owner: string) => Promise<boolean>;
  /** Milliseconds that a key counts. */
  readonly keepMs: number;
  readonly mostKeys: number;
  /** Bytes of all that is kept. */
  readonly mostBytes: number;
}

const sweepEveryMs = 60_000;
/** A file whose writer was killed before its first byte: it stays empty for longer than any writer takes. */
const emptyMs = 1000;

/**
 * Keys as files, one each, made by an exclusive `open`: of all processes one has it. They are with the system before the model server is
 * asked, so that they outlive a kill of this process; a loss of power is survived by what the system had written by then.
 */
export class FileJournal implements KeyJournal {
  readonly #options: FileJournalOptions;
  readonly #lock: FolderLock;
  readonly #timer: NodeJS.Timeout;
  #keys = 0;
  #bytes = 0;

  private constructor(options: FileJournalOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#lock = new FolderLock(options.folder, 0);
    this.#timer = setInterval(() => void this.sweep(), sweepEveryMs).unref();
  }

  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const journal = new FileJournal(options);
    await journal.sweep();
    return journal;
  }

  async claim(name: string, asked: AskedKey): Promise<HeldKey | undefined> {
    const { owner, mostKeys, mostBytes } = this.#options;
    const path = this.#pathOf(name);
    const bytes = writtenKey({ ...asked, state: 'asked', owner });
    const isFull = this.#keys >= mostKeys || this.#bytes >= mostBytes;
    if (!isFull && isNew(path, bytes)) {
      this.#keys += 1;
      this.#bytes += bytes.length;
      return undefined;
    }
    const held = await this.#held(path, asked);
    if (held === undefined && isFull) {
      throw new GatewayError('HF_GATEWAY_IDEMPOTENCY_FULL', 'no more idempotency keys are kept now', {
        retryAfter: 60,
      });
    }
    // It was released between the two looks: whoever comes next may have it.
    return held ?? { ...asked, state: 'running' };
  }

  answered(name: string, asked: AskedKey, answer: KeptAnswer): Promise<void> {
    return this.#replace(name, { ...asked, state: 'answered', answer });
  }

  lost(name: string, asked: AskedKey): Promise<void> {
    return this.#replace(name, { ...asked, state: 'lost' });
  }

  async release(name: string): Promise<void> {
    rmSync(this.#pathOf(name));
    this.#keys -= 1;
    return Promise.resolve();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#lock.close();
  }

  /**
   * Drops what has been kept for long enough, and counts what is there. One process at a time does: two could drop what has just been
   * taken anew.
   */
  async sweep(): Promise<void> {
    const { folder, keepMs } = this.#options;
    const isFirst = await this.#lock.acquire().then(
      () => true,
      () => false,
    );
    try {
      let [keys, bytes] = [0, 0];
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const found = name === '.lock' ? undefined : await stat(path).catch(() => undefined);
        if (found === undefined) continue;
        if (isFirst && Date.now() - found.mtimeMs > keepMs) await rm(path, { force: true });
        else [keys, bytes] = [keys + 1, bytes + found.size];
      }
      [this.#keys, this.#bytes] = [keys, bytes];
    } finally {
      if (isFirst) this.#lock.release();
    }
  }

  async #held(path: string, asked: AskedKey): Promise<HeldKey | undefined> {
    const bytes = await readFile(path).catch(absent);
    if (bytes === undefined) return undefined;
    const key = readKey(bytes);
    if (key === undefined) return { ...asked, state: isOld(path) ? 'unknown' : 'running' };
    const { fingerprint, artifact } = key;
    if (key.state === 'answered') return key;
    if (key.state === 'lost') return { fingerprint, artifact, state: 'unknown' };
    const { owner, isLive } = this.#options;
    if (key.owner === owner || (await isLive(key.owner))) return { fingerprint, artifact, state: 'running' };
    // It may have been answered between the two looks, and its process have ended then.
    const again = readKey((await readFile(path).catch(absent)) ?? Buffer.alloc(0));
    return again?.state === 'answered' ? again : { fingerprint, artifact, state: 'unknown' };
  }

  /** Written beside it and put in its place: it is the old one or the new one at any moment. */
  async #replace(name: string, key: KeptKey): Promise<void> {
    const path = this.#pathOf(name);
    const beside = `${path}.${this.#options.owner}`;
    const bytes = writtenKey(key);
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    renameSync(beside, path);
    this.#bytes += bytes.length;
  }

  #pathOf(name: string): string {
    return join(this.#options.folder, name);
  }
}

/** Whether it was not there, and is now. */
function isNew(path: string, bytes: Uint8Array): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(file, bytes);
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

const isOld = (path: string): boolean =>
  Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > emptyMs;

function absent(error: unknown): undefined {
  if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
  throw error;
}
