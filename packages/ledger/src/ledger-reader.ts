import { decodeBundle, requireEntries } from './entry-bundle.ts';
import { LedgerError } from './errors.ts';
import { nodeCryptography } from './node-cryptography.ts';
import { findTile } from './tile.ts';
import { checkpointPath, tileWidth, widthOf } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import { TileTree } from './tile-tree.ts';
import type { CheckpointTrust, VerifiedCheckpoint } from './verify/checkpoint.ts';
import { verifyCheckpoint } from './verify/checkpoint.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { equal } from './verify/encoding.ts';
import type { TreeHead } from './verify/merkle.ts';

export type { TileSource } from './tile-source.ts';
export { folderSource } from './tile-source.ts';

/** Whose ledger is read, and what is known of it from before. */
export interface ReaderOptions extends CheckpointTrust {
  /** The largest tree head seen before: the ledger has to continue it. */
  readonly seen?: TreeHead;
  /** `node:crypto` by default. */
  readonly cryptography?: Cryptography;
}

/**
 * Opens a ledger for reading, at the checkpoint that is there now. Nothing in the source is trusted but what the
 * verifier keys signed.
 *
 * @throws LedgerError HF_LEDGER_NOT_FOUND, all of `verifyCheckpoint`, HF_LEDGER_ROLLBACK and HF_LEDGER_FORK against
 *   `seen`, and the HF_LEDGER_TILE_… errors of the partial tiles
 * @example
 * ```ts
 * import { folderSource, openLedgerReader } from '@holdfast/ledger';
 *
 * export async function proofOf(index: number, verifierKeys: readonly string[]): Promise<readonly Uint8Array[]> {
 *   const trust = { origin: 'credit-risk.example', verifierKeys };
 *   const reader = await openLedgerReader(folderSource('.holdfast/ledger'), trust);
 *   return await reader.proveInclusion(index);
 * }
 * ```
 */
export async function openLedgerReader(source: TileSource, options: ReaderOptions): Promise<LedgerReader> {
  const cryptography = options.cryptography ?? nodeCryptography;
  const text = await source.read(checkpointPath);
  if (text === undefined)
    throw new LedgerError('HF_LEDGER_NOT_FOUND', 'there is no checkpoint', { where: checkpointPath });
  const checkpoint = await verifyCheckpoint(text, options, cryptography);
  const tree = new TileTree(source, checkpoint, cryptography);
  await tree.edge();
  if (options.seen !== undefined) await requireContinues(tree, checkpoint, options.seen);
  return new LedgerReader(source, checkpoint, tree, cryptography);
}

/**
 * Checks that a checkpoint continues one that was seen before.
 *
 * @throws LedgerError HF_LEDGER_ROLLBACK when it is smaller, HF_LEDGER_FORK when it contradicts it
 */
export async function requireContinues(tree: TileTree, now: TreeHead, seen: TreeHead): Promise<void> {
  if (now.size < seen.size) {
    const message = `the checkpoint has ${now.size} entries, but one of ${seen.size} was seen before`;
    throw new LedgerError('HF_LEDGER_ROLLBACK', message, { where: checkpointPath });
  }
  const then = now.size === seen.size ? now.rootHash : await rootAt(tree, seen.size);
  if (seen.size > 0 && !equal(then, seen.rootHash)) {
    const message = `the first ${seen.size} entries are not those of the checkpoint that was seen before`;
    throw new LedgerError('HF_LEDGER_FORK', message, { where: checkpointPath });
  }
}

function rootAt(tree: TileTree, size: number): Promise<Uint8Array> {
  return tree.rangeHash(0, size);
}

/** A ledger at one checkpoint. Every answer has been recomputed and leads to the signed root. */
export class LedgerReader {
  readonly checkpoint: VerifiedCheckpoint;
  readonly #source: TileSource;
  readonly #tree: TileTree;
  readonly #cryptography: Cryptography;

  /** Use {@link openLedgerReader}. */
  constructor(source: TileSource, checkpoint: VerifiedCheckpoint, tree: TileTree, cryptography: Cryptography) {
    this.#source = source;
    this.checkpoint = checkpoint;
    this.#tree = tree;
    this.#cryptography = cryptography;
  }

  /**
   * Hash of the leaf at an index.
   *
   * @throws LedgerError HF_LEDGER_RANGE, HF_LEDGER_TILE_CORRUPT, HF_LEDGER_TILE_TRUNCATED, HF_LEDGER_TILE_MISSING
   */
  async leafHash(index: number): Promise<Uint8Array> {
    this.#requireIndex(index);
    return await this.#tree.leaf(index);
  }

  /** Hashes of the leaves from `start` to before `end`; by default all. Throws as {@link leafHash} does. */
  async leafHashes(start = 0, end: number = this.checkpoint.size): Promise<readonly Uint8Array[]> {
    this.#requireRange(start, end);
    const hashes: Uint8Array[] = [];
    for (let tile = Math.floor(start / tileWidth); tile * tileWidth < end; tile++) {
      const first = tile * tileWidth;
      const leaves = await this.#tree.leavesOf(tile);
      hashes.push(...leaves.slice(Math.max(0, start - first), end - first));
    }
    return hashes;
  }

  /** The entry at an index. Throws as {@link leafHash} does; `where` names the entry bundle. */
  async entry(index: number): Promise<Uint8Array> {
    this.#requireIndex(index);
    for await (const entry of this.entries(index, index + 1)) return entry;
    throw new LedgerError('HF_LEDGER_RANGE', `there is no entry ${index}`);
  }

  /** The entries from `start` to before `end`, by default all; one bundle is in memory at a time. Throws as `entry`. */
  async *entries(start = 0, end: number = this.checkpoint.size): AsyncGenerator<Uint8Array, void, undefined> {
    this.#requireRange(start, end);
    for (let tile = Math.floor(start / tileWidth); tile * tileWidth < end; tile++) {
      const first = tile * tileWidth;
      yield* await this.#verifiedEntries(tile, Math.max(0, start - first), Math.min(tileWidth, end - first));
    }
  }

  /**
   * The inclusion proof of an index in the tree of `size` entries (default: the checkpoint's), from the leaf upwards.
   *
   * @throws LedgerError HF_LEDGER_RANGE and the HF_LEDGER_TILE_… errors
   */
  async proveInclusion(index: number, size: number = this.checkpoint.size): Promise<readonly Uint8Array[]> {
    this.#requireRange(0, size);
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw outside(`index ${index}`, size);
    return await this.#tree.inclusionProof(index, size);
  }

  /**
   * The proof that the tree of `to` entries (default: the checkpoint's) continues that of `from`. It is empty where
   * `from` is 0 or `to`.
   *
   * @throws LedgerError HF_LEDGER_RANGE and the HF_LEDGER_TILE_… errors
   */
  async proveConsistency(from: number, to: number = this.checkpoint.size): Promise<readonly Uint8Array[]> {
    this.#requireRange(from, to);
    return from === 0 ? [] : await this.#tree.consistencyProof(from, to);
  }

  /** Merkle Tree Hash of the first `size` entries. Throws as {@link proveConsistency} does. */
  async rootAt(size: number): Promise<Uint8Array> {
    this.#requireRange(0, size);
    return await this.#tree.rangeHash(0, size);
  }

  async #verifiedEntries(tile: number, from: number, to: number): Promise<readonly Uint8Array[]> {
    const width = widthOf(tile, this.checkpoint.size);
    const { bytes, path, width: found } = await findTile(this.#source, 'entries', tile, width);
    const hashes = await this.#tree.leavesOf(tile);
    const entries = decodeBundle(bytes, found, path).slice(from, to);
    const first = tile * tileWidth + from;
    requireEntries(entries, hashes.slice(from, to), { path, first }, this.#cryptography);
    return entries;
  }

  #requireIndex(index: number): void {
    const { size } = this.checkpoint;
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw outside(`index ${index}`, size);
  }

  #requireRange(start: number, end: number): void {
    const { size } = this.checkpoint;
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end && end <= size)) {
      throw outside(`${start} to ${end}`, size);
    }
  }
}

function outside(what: string, size: number): LedgerError {
  return new LedgerError('HF_LEDGER_RANGE', `${what} is outside a tree of ${size} entries`);
}
