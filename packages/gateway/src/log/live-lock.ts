import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock } from '@holdfast/ledger/folder-lock';

/**
 * Says that a process is there, for as long as it is: a lock of the operating system, which takes it back when the process dies. Its
 * folder stays until somebody has taken over what the process left.
 */
export class LiveLock {
  readonly #path: string;
  readonly #lock: FolderLock;

  private constructor(path: string, lock: FolderLock) {
    this.#path = path;
    this.#lock = lock;
  }

  /**
   * @param folder where processes say that they are there
   * @returns undefined where another process holds it
   */
  static async take(folder: string, name: string): Promise<LiveLock | undefined> {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = new FolderLock(path, 0);
    try {
      await lock.acquire();
    } catch (error) {
      lock.close();
      if ((error as { code?: unknown }).code === 'HF_LEDGER_LOCKED') return undefined;
      throw error;
    }
    return new LiveLock(path, lock);
  }

  /** Gives the lock back. @param isDone nothing is left that another has to take over */
  release(isDone: boolean): void {
    if (isDone) rmSync(this.#path, { recursive: true, force: true });
    this.#lock.close();
  }
}
