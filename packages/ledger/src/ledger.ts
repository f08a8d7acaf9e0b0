import type { Appended, AppendOptions } from './append-queue.ts';
import type { DiskCalls } from './durable-folder.ts';
import { LedgerWriter } from './ledger-writer.ts';
import type { NoteSigner } from './note-signer.ts';
import type { VerifiedCheckpoint } from './verify/checkpoint.ts';

export type { Appended, AppendOptions } from './append-queue.ts';

/** How a ledger is opened for writing. */
export interface LedgerOptions {
  /** What signs the checkpoints. One is an Ed25519 signer whose name is the origin. */
  readonly signers: readonly NoteSigner[];
  /** Name of the log; by default that of the first Ed25519 signer. */
  readonly origin?: string;
  /** Further keys that may have signed the checkpoint that is there, such as one that was replaced. */
  readonly verifierKeys?: readonly string[];
  /** Milliseconds to wait for another process; 10 000 by default. */
  readonly lockDeadline?: number;
  /** For tests: lets the disk fail. */
  readonly disk?: Partial<DiskCalls>;
}

/** An inclusion proof with the checkpoint that it leads to. */
export interface Proven {
  readonly checkpoint: VerifiedCheckpoint;
  /** Sibling hashes from the leaf upwards. */
  readonly hashes: readonly Uint8Array[];
}

/** A ledger that is open for appending. */
export interface Ledger {
  readonly folder: string;
  readonly origin: string;
  /** SHA-256(origin ‖ 0x0A ‖ 0x01 ‖ key), 32 bytes. */
  readonly logId: Uint8Array;
  /** Verifier keys of the signers. */
  readonly verifierKeys: readonly string[];
  /** The newest checkpoint that this object has written or seen. */
  readonly checkpoint: VerifiedCheckpoint;
  /** Number of entries at {@link checkpoint}. */
  readonly size: number;
  /**
   * Appends entries. When it returns, they, their tiles and a checkpoint over them are on disk. Equal bytes are logged
   * once: a duplicate is answered with the index it has. Appends that come while one is written share the next batch.
   *
   * @returns for each entry its index, in order
   * @throws LedgerError HF_LEDGER_ENTRY_TOO_LARGE, HF_LEDGER_BATCH_TOO_LARGE, HF_LEDGER_SIZE_CHANGED,
   *   HF_LEDGER_LOCKED, HF_LEDGER_DISK_FULL, HF_LEDGER_IO, HF_LEDGER_ROLLBACK, HF_LEDGER_FORK, HF_LEDGER_CLOCK,
   *   HF_LEDGER_CLOSED; nothing was appended then, or (HF_LEDGER_IO) trying again finds it as a duplicate
   */
  append(entries: readonly Uint8Array[], options?: AppendOptions): Promise<readonly Appended[]>;
  /** The inclusion proof of an index at {@link checkpoint}. Throws HF_LEDGER_RANGE and the HF_LEDGER_TILE_… errors. */
  prove(index: number): Promise<Proven>;
  /** The entry at an index. Throws as {@link prove} does. */
  entry(index: number): Promise<Uint8Array>;
  /** Waits for the appends under way, and gives everything back. */
  close(): Promise<void>;
}

/**
 * Creates an empty ledger, with its signed checkpoint of size 0, and opens it.
 *
 * @param folder is made when missing
 * @throws LedgerError HF_LEDGER_EXISTS, HF_LEDGER_SIGNER, HF_LEDGER_LOCKED, HF_LEDGER_DISK_FULL, HF_LEDGER_IO
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { createLedger, ed25519Signer } from '@holdfast/ledger';
 *
 * export async function first(folder: string, entry: Uint8Array): Promise<number | undefined> {
 *   const origin = 'credit-risk.example';
 *   const signers = [ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey)];
 *   const ledger = await createLedger(folder, { origin, signers });
 *   const [appended] = await ledger.append([entry]); // { index: 0, duplicate: false }
 *   await ledger.close();
 *   return appended?.index;
 * }
 * ```
 */
export async function createLedger(
  folder: string,
  options: LedgerOptions & { readonly origin: string },
): Promise<Ledger> {
  const writer = new LedgerWriter(folder, options);
  return await opened(writer, () => writer.create());
}

/**
 * Opens a ledger for appending. The checkpoint is verified, and has to continue the one that was seen last.
 *
 * @throws LedgerError HF_LEDGER_NOT_FOUND, HF_LEDGER_SIGNER, HF_LEDGER_ROLLBACK, HF_LEDGER_FORK, HF_LEDGER_LOCKED,
 *   HF_LEDGER_IO, HF_LEDGER_DISK_FULL, all of `verifyCheckpoint`, and the HF_LEDGER_TILE_… errors
 */
export async function openLedger(folder: string, options: LedgerOptions): Promise<Ledger> {
  const writer = new LedgerWriter(folder, options);
  return await opened(writer, () => writer.open());
}

async function opened(writer: LedgerWriter, begin: () => Promise<void>): Promise<Ledger> {
  try {
    await begin();
    return writer;
  } catch (error) {
    await writer.close();
    throw error;
  }
}
