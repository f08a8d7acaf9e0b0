import { decodeBundle } from './entry-bundle.ts';
import type { LedgerErrorCode } from './errors.ts';
import { LedgerError } from './errors.ts';
import { nodeCryptography } from './node-cryptography.ts';
import { findTile, hashesOf, tileOf, tileRoot } from './tile.ts';
import { checkpointPath, hashesAt, type TileLevel, tileHeight, tilePath, tileWidth, widthOf } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import type { CheckpointTrust, VerifiedCheckpoint } from './verify/checkpoint.ts';
import { verifyCheckpoint } from './verify/checkpoint.ts';
import { CompactRange } from './verify/compact-range.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { equal } from './verify/encoding.ts';
import { leafHash } from './verify/merkle.ts';

/** One thing that is wrong with a ledger. */
export interface FsckProblem {
  /** The file, such as `tile/0/000.p/5` or `checkpoint`. */
  readonly where: string;
  readonly code: LedgerErrorCode;
  readonly message: string;
}

/** What recomputing a ledger gave. It is in order when there are no problems. */
export interface FsckResult {
  /** Entries under the checkpoint; 0 when that cannot be trusted. */
  readonly size: number;
  /** Root recomputed from the entries; `undefined` when some can be read neither from a bundle nor from a tile. */
  readonly rootHash: Uint8Array | undefined;
  readonly problems: readonly FsckProblem[];
}

/** More are not listed: the first ones are what matters. */
const mostProblems = 1000;

/**
 * Recomputes a ledger from its entries: every leaf hash, every tile, every partial tile and bundle that is still
 * there, and the root, which has to be the one that the checkpoint signs. What a crash left beyond the checkpoint is
 * not part of the ledger, and no problem.
 *
 * @throws LedgerError HF_LEDGER_IO when the source itself fails; what is wrong with the ledger is a problem
 * @example
 * ```ts
 * import { folderSource, fsck } from '@holdfast/ledger';
 *
 * export async function check(verifierKeys: readonly string[]): Promise<readonly string[]> {
 *   const trust = { origin: 'credit-risk.example', verifierKeys };
 *   const { problems } = await fsck(folderSource('.holdfast/ledger'), trust);
 *   return problems.map(({ where, message }) => `${where}: ${message}`);
 * }
 * ```
 */
export async function fsck(
  source: TileSource,
  trust: CheckpointTrust & { readonly cryptography?: Cryptography },
): Promise<FsckResult> {
  const cryptography = trust.cryptography ?? nodeCryptography;
  const run = new Fsck(source, cryptography);
  const checkpoint = await run.collect(checkpointPath, async () => {
    const text = await source.read(checkpointPath);
    if (text === undefined) throw new LedgerError('HF_LEDGER_NOT_FOUND', 'there is no checkpoint');
    return await verifyCheckpoint(text, trust, cryptography);
  });
  if (checkpoint === undefined) return { size: 0, rootHash: undefined, problems: run.problems };
  const rootHash = await run.check(checkpoint);
  return { size: checkpoint.size, rootHash, problems: run.problems };
}

class Fsck {
  readonly problems: FsckProblem[] = [];
  readonly #source: TileSource;
  readonly #cryptography: Cryptography;
  readonly #range: CompactRange;
  readonly #rows = new Map<number, Uint8Array[]>();
  readonly #complete: { level: number; index: number; hashes: readonly Uint8Array[] }[] = [];

  constructor(source: TileSource, cryptography: Cryptography) {
    this.#source = source;
    this.#cryptography = cryptography;
    this.#range = new CompactRange(cryptography);
  }

  /** Runs the work; an error of this package becomes a problem. */
  async collect<T>(where: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code === 'HF_LEDGER_IO') throw error;
      this.#problem(error.code, error.where ?? where, error.message);
      return undefined;
    }
  }

  async check(checkpoint: VerifiedCheckpoint): Promise<Uint8Array | undefined> {
    const { size } = checkpoint;
    for (let index = 0; index * tileWidth < size; index++) {
      const leaves = await this.#leaves(index, checkpoint);
      // Without these leaves nothing above them can be recomputed; what is wrong with them has been said.
      if (leaves === undefined) return undefined;
      await this.#checkPartials('entries', index, leaves);
      this.#push(leaves);
      await this.#checkComplete();
    }
    for (const [level, hashes] of this.#rows) {
      const index = Math.floor(hashesAt(level, size) / tileWidth);
      if (hashes.length > 0) this.#complete.push({ level, index, hashes });
    }
    await this.#checkComplete();
    const root = this.#range.root();
    if (!equal(root, checkpoint.rootHash)) {
      this.#problem(
        'HF_LEDGER_ROOT_MISMATCH',
        checkpointPath,
        'the checkpoint signs another root than the entries have',
      );
    }
    return root;
  }

  #push(leaves: readonly Uint8Array[]): void {
    for (const leaf of leaves) {
      const before = this.#range.size;
      this.#range.push(leaf, (height, hash) => {
        if (height % tileHeight === 0) this.#addHash(height / tileHeight, hash, before);
      });
    }
  }

  #addHash(level: number, hash: Uint8Array, sizeBefore: number): void {
    const row = this.#rows.get(level) ?? [];
    row.push(hash);
    this.#rows.set(level, row);
    if (row.length < tileWidth) return;
    this.#complete.push({ level, index: Math.floor(hashesAt(level, sizeBefore) / tileWidth), hashes: row });
    this.#rows.set(level, []);
  }

  async #checkComplete(): Promise<void> {
    for (const { level, index, hashes } of this.#complete.splice(0)) {
      // Level 0 was compared when its leaves were chosen.
      if (level > 0) await this.#checkTile(level, index, hashes);
      await this.#checkPartials(level, index, hashes);
    }
  }

  async #checkTile(level: number, index: number, expected: readonly Uint8Array[]): Promise<void> {
    const where = tilePath(level, index, expected.length);
    const hashes = await this.collect(where, () => this.#tileHashes(level, index, expected.length));
    if (hashes !== undefined && !sameHashes(hashes, expected)) this.#differs(where);
  }

  /** The partial files of a tile that may still be there have to be the beginning of it. */
  async #checkPartials(level: TileLevel, index: number, expected: readonly Uint8Array[]): Promise<void> {
    const names = (await this.#source.list?.(`${tilePath(level, index)}.p`)) ?? [];
    const widths = names.map(Number).filter((width, at) => String(width) === names[at] && width >= 1);
    for (const width of widths.filter((candidate) => candidate <= expected.length && candidate < tileWidth)) {
      const where = tilePath(level, index, width);
      const read = level === 'entries' ? this.#entryHashes(index, width) : this.#tileHashes(level, index, width);
      const hashes = await this.collect(where, () => read);
      if (hashes !== undefined && !sameHashes(hashes, expected.slice(0, width))) this.#differs(where);
    }
  }

  /** The leaf hashes of a tile from its entries, or, where those are damaged, from the tile. */
  async #leaves(index: number, checkpoint: VerifiedCheckpoint): Promise<readonly Uint8Array[] | undefined> {
    const width = widthOf(index, checkpoint.size);
    const [bundlePath, path] = [tilePath('entries', index, width), tilePath(0, index, width)];
    const entries = await this.collect(bundlePath, () => this.#entryHashes(index, width));
    const tile = await this.collect(path, () => this.#tileHashes(0, index, width));
    if (entries === undefined || tile === undefined || sameHashes(entries, tile)) return entries ?? tile;
    const tileIsRight = width < tileWidth ? this.#leadsTo(tile, checkpoint) : await this.#isInParent(tile, index);
    this.#differs(tileIsRight ? bundlePath : path);
    return tileIsRight ? tile : entries;
  }

  #leadsTo(leaves: readonly Uint8Array[], { rootHash }: VerifiedCheckpoint): boolean {
    const range = new CompactRange(this.#cryptography, this.#range.size, this.#range.peaks);
    for (const leaf of leaves) range.push(leaf);
    return equal(range.root(), rootHash);
  }

  async #isInParent(leaves: readonly Uint8Array[], index: number): Promise<boolean> {
    const width = (index % tileWidth) + 1;
    const parent = await this.#tileHashes(1, Math.floor(index / tileWidth), width).catch(() => []);
    const [expected, root] = [parent.at(-1), tileRoot(tileOf(leaves, this.#cryptography))];
    return expected !== undefined && root !== undefined && equal(expected, root);
  }

  async #tileHashes(level: number, index: number, width: number): Promise<readonly Uint8Array[]> {
    return hashesOf(await findTile(this.#source, level, index, width)).slice(0, width);
  }

  async #entryHashes(index: number, width: number): Promise<readonly Uint8Array[]> {
    const found = await findTile(this.#source, 'entries', index, width);
    const entries = decodeBundle(found.bytes, found.width, found.path).slice(0, width);
    return entries.map((entry) => leafHash(entry, this.#cryptography));
  }

  #differs(where: string): void {
    this.#problem('HF_LEDGER_TILE_CORRUPT', where, `\`${where}\` is not what the entries under the checkpoint give`);
  }

  #problem(code: LedgerErrorCode, where: string, message: string): void {
    const known = this.problems.some((problem) => problem.where === where && problem.code === code);
    if (!known && this.problems.length < mostProblems) this.problems.push({ where, code, message });
  }
}

function sameHashes(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((hash, at) => equal(hash, b[at] ?? new Uint8Array()));
}
