import { createHash } from 'node:crypto';
import { closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PipelineError } from '../errors.ts';
import { diskError, systemCode, writeFully } from './disk.ts';

/** The log of a run as it lies on disk. */
export interface RunLogRecord {
  readonly path: string;
  /** Lower-case hex over the bytes of the file. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Whether the command wrote more than the file has room for; its last line says so. */
  readonly truncated: boolean;
}

/** Room for a log unless the caller says otherwise: 64 MiB. */
export const defaultLogBytes = 64 * 1024 * 1024;

const noFollow = constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_NOFOLLOW;

/** A file of bounded size that is digested while it is written; terminal sequences stay as they came. */
export class RunLog {
  readonly path: string;
  readonly #limit: number;
  readonly #note: Uint8Array;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  #size = 0;
  #offered = 0;
  #truncated = false;

  /** @throws PipelineError HF_RUN_DISK_FULL, HF_RUN_SPAWN when the file cannot be made. */
  constructor(path: string, limit: number = defaultLogBytes) {
    this.path = path;
    this.#note = Buffer.from(`\n[holdfast: the log ends here, it may hold ${limit} bytes]\n`);
    this.#limit = Math.max(0, limit - this.#note.length);
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#descriptor = openSync(path, noFollow, 0o600);
    } catch (error) {
      throw diskError(error, path, 'HF_RUN_SPAWN');
    }
  }

  /** Bytes that the command wrote, whether they had room or not. */
  get offered(): number {
    return this.#offered;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  /** Appends what has room. @throws PipelineError HF_RUN_DISK_FULL. */
  write(chunk: Uint8Array): void {
    this.#offered += chunk.length;
    if (this.#truncated) return;
    const fits = chunk.subarray(0, this.#limit - this.#size);
    this.#append(fits);
    if (fits.length === chunk.length) return;
    this.#truncated = true;
    this.#append(this.#note);
  }

  /** Flushes to disk and closes, also when the flush fails: then the record comes with a failure. */
  close(): { readonly record: RunLogRecord; readonly failure?: PipelineError } {
    const failure = this.#flush();
    closeSync(this.#descriptor);
    const sha256 = this.#hash.digest('hex');
    const record = { path: this.path, sha256, size: this.#size, truncated: this.#truncated };
    return failure === undefined ? { record } : { record, failure };
  }

  #flush(): PipelineError | undefined {
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      // a device or pipe has nothing to flush; a full disk may show only now (delayed allocation)
      return systemCode(error) === 'EINVAL' ? undefined : diskError(error, this.path, 'HF_RUN_SPAWN');
    }
    return undefined;
  }

  #append(bytes: Uint8Array): void {
    try {
      writeFully(this.#descriptor, bytes);
    } catch (error) {
      throw diskError(error, this.path, 'HF_RUN_SPAWN');
    }
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }
}
