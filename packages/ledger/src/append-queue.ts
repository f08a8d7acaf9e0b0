import { longestEntry } from './entry-bundle.ts';
import { LedgerError } from './errors.ts';

/** Where an entry is. */
export interface Appended {
  readonly index: number;
  /** It was there before, or stands twice in the same append. */
  readonly duplicate: boolean;
}

/** Conditions of an append. */
export interface AppendOptions {
  /** Append only if the ledger has this many entries. */
  readonly expectedSize?: number;
}

/** An append that waits for its batch. */
export interface Request {
  readonly entries: readonly Uint8Array[];
  readonly expectedSize: number | undefined;
  resolve(appended: readonly Appended[]): void;
  reject(error: unknown): void;
}

const mostEntries = 65_536;
const mostBytes = 256 * 1024 * 1024;
/** Requests share a batch up to these; a larger one has a batch of its own. */
const sharedEntries = 4096;
const sharedBytes = 32 * 1024 * 1024;

/** Collects the appends that come while a batch is written, so that they share the next one (group commit). */
export class AppendQueue {
  readonly #commit: (requests: readonly Request[]) => Promise<void>;
  readonly #waiting: Request[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  /** @param commit settles every request of a batch, and never throws */
  constructor(commit: (requests: readonly Request[]) => Promise<void>) {
    this.#commit = commit;
  }

  append(entries: readonly Uint8Array[], options: AppendOptions = {}): Promise<readonly Appended[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new LedgerError('HF_LEDGER_CLOSED', 'the ledger has been closed');
      requireSizes(entries, options.expectedSize);
      // The caller may reuse its buffers as soon as this returns.
      const copies = entries.map((entry) => new Uint8Array(entry));
      this.#waiting.push({ entries: copies, expectedSize: options.expectedSize, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Refuses further appends, and waits for those that came before. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // Appends of the same turn of the event loop share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#nextBatch());
    this.#draining = undefined;
  }

  #nextBatch(): readonly Request[] {
    let entries = 0;
    let bytes = 0;
    const end = this.#waiting.findIndex((request, at) => {
      entries += request.entries.length;
      bytes += totalLength(request.entries);
      return at > 0 && (entries > sharedEntries || bytes > sharedBytes);
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }
}

function requireSizes(entries: readonly Uint8Array[], expectedSize: number | undefined): void {
  if (expectedSize !== undefined && !(Number.isSafeInteger(expectedSize) && expectedSize >= 0)) {
    throw new LedgerError('HF_LEDGER_RANGE', `\`${expectedSize}\` is no size of a ledger`);
  }
  if (entries.length > mostEntries || totalLength(entries) > mostBytes) {
    const message = `${entries.length} entries of ${totalLength(entries)} bytes are too much for one append`;
    throw new LedgerError('HF_LEDGER_BATCH_TOO_LARGE', message);
  }
  for (const [at, { length }] of entries.entries()) {
    if (length <= longestEntry) continue;
    throw new LedgerError('HF_LEDGER_ENTRY_TOO_LARGE', `entry ${at} of the append has ${length} bytes`);
  }
}

function totalLength(entries: readonly Uint8Array[]): number {
  return entries.reduce((sum, { length }) => sum + length, 0);
}
