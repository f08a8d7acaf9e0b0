import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parentsOf, syncFolder } from './durable-file.ts';
import { ioError } from './io-error.ts';
import type { NewFile } from './right-edge.ts';

/** The calls that a full or broken disk makes fail; a test may replace them. */
export interface DiskCalls {
  write(file: FileHandle, bytes: Uint8Array): Promise<void>;
  sync(file: FileHandle): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
}

const nodeDiskCalls: DiskCalls = {
  write: (file, bytes) => file.writeFile(bytes),
  sync: (file) => file.sync(),
  rename,
  syncFolder,
};

/** Where files are written before they get their name; what a crash leaves here is garbage. */
const temporaryFolder = '.tmp';
const mostAtOnce = 16;

/** A file on disk, fsynced, that has not its name yet. */
export interface StagedFile {
  readonly temporary: string;
  readonly path: string;
}

/** A folder whose files appear whole or not at all, and stay once a call has returned. One writer at a time. */
export class DurableFolder {
  readonly #folder: string;
  readonly #calls: DiskCalls;
  readonly #known = new Set<string>();
  #counter = 0;

  constructor(folder: string, calls: Partial<DiskCalls> = {}) {
    this.#folder = folder;
    this.#calls = { ...nodeDiskCalls, ...calls };
  }

  /** Makes the folder itself, and the one for temporary files. */
  async create(): Promise<void> {
    await translate(`cannot create \`${this.#folder}\``, () => this.#makeFolder(join(this.#folder, temporaryFolder)));
  }

  /** Removes what a crash left among the temporary files. */
  async removeTemporaries(): Promise<void> {
    const folder = join(this.#folder, temporaryFolder);
    await this.create();
    for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
  }

  /**
   * Writes files at paths that have none yet: content, then names, then folders reach the disk. When one fails, none
   * of them stays.
   *
   * @throws LedgerError HF_LEDGER_DISK_FULL, HF_LEDGER_IO
   */
  async writeNew(files: readonly NewFile[]): Promise<void> {
    const folders = new Set<string>();
    try {
      await inParallel(files, async (file) => {
        for (const made of await this.#makeFolder(dirname(join(this.#folder, file.path)))) folders.add(made);
        await this.#rename(await this.stage(file));
        folders.add(dirname(join(this.#folder, file.path)));
      });
      await inParallel([...folders], (folder) =>
        translate('cannot make names durable', () => this.#calls.syncFolder(folder)),
      );
    } catch (error) {
      this.#known.clear();
      await this.remove(files.map(({ path }) => path));
      throw error;
    }
  }

  /** Writes and fsyncs a file under a temporary name. Throws as {@link writeNew} does. */
  async stage({ path, bytes }: NewFile): Promise<StagedFile> {
    const temporary = join(this.#folder, temporaryFolder, `${process.pid}-${this.#counter++}`);
    try {
      await using file = await open(temporary, 'w');
      await this.#calls.write(file, bytes);
      await this.#calls.sync(file);
      return { temporary, path };
    } catch (error) {
      await rm(temporary, { force: true });
      throw ioError(error, `cannot write \`${path}\``, path);
    }
  }

  /** Gives a staged file its name, replacing what has it. Not durable before {@link syncRoot}. */
  async publish(file: StagedFile): Promise<void> {
    await this.#rename(file);
  }

  /** Makes the names directly in the folder durable. */
  async syncRoot(): Promise<void> {
    await translate('cannot make the checkpoint durable', () => this.#calls.syncFolder(this.#folder));
  }

  /** Removes files, as far as that is possible: what stays is of no consequence. */
  async remove(paths: readonly string[]): Promise<void> {
    await inParallel(paths, async (path) => {
      await unlink(join(this.#folder, path)).catch(() => undefined);
    });
  }

  /** Removes a folder with its files, as far as that is possible. */
  async removeFolder(path: string): Promise<void> {
    this.#known.delete(join(this.#folder, path));
    await rm(join(this.#folder, path), { recursive: true, force: true }).catch(() => undefined);
  }

  async #rename({ temporary, path }: StagedFile): Promise<void> {
    try {
      await this.#calls.rename(temporary, join(this.#folder, path));
    } catch (error) {
      await rm(temporary, { force: true });
      throw ioError(error, `cannot rename \`${path}\``, path);
    }
  }

  /** Makes a folder and those above it; returns the folders that now have a new name in them. */
  async #makeFolder(folder: string): Promise<readonly string[]> {
    if (this.#known.has(folder)) return [];
    const first = await translate(`cannot create \`${folder}\``, () => mkdir(folder, { recursive: true }));
    this.#known.add(folder);
    return parentsOf(folder, first);
  }
}

async function translate<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ioError(error, doing);
  }
}

/** Runs the work for each item, a few at a time; waits for all that began, then throws the first error. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(mostAtOnce, items.length) }, lane));
  const failed = lanes.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
