import { decodeBundle } from './entry-bundle.ts';
import { LedgerError } from './errors.ts';
import type { FoundTile, Tile } from './tile.ts';
import { edgeTiles, findTile, hashesOf, peaksOf, tileOf, tileRoot } from './tile.ts';
import { hashesAt, tileHeight, tilePath, tileWidth, widthOf } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import { CompactRange } from './verify/compact-range.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { equal } from './verify/encoding.ts';
import type { TreeHead } from './verify/merkle.ts';
import { leafHash } from './verify/merkle.ts';

/** Full tiles that were verified, by path. They never change, so a larger tree of the same log may go on with them. */
export type TileCache = Map<string, Tile>;

const mostCached = 128;

interface EdgeTile {
  readonly level: number;
  readonly index: number;
  readonly found: FoundTile;
  readonly tile: Tile;
}

/**
 * The Merkle tree behind a signed head, read from tiles that may have been tampered with. No hash leaves it that does
 * not lead to the root: partial tiles are checked together against the root, each full tile against its parent.
 */
export class TileTree {
  readonly size: number;
  readonly #rootHash: Uint8Array;
  readonly #source: TileSource;
  readonly #cryptography: Cryptography;
  readonly #cache: TileCache;
  #edge: Promise<readonly EdgeTile[]> | undefined;

  constructor(source: TileSource, head: TreeHead, cryptography: Cryptography, cache: TileCache = new Map()) {
    this.size = head.size;
    this.#rootHash = head.rootHash;
    this.#source = source;
    this.#cryptography = cryptography;
    this.#cache = cache;
  }

  /** The hashes of the partial tiles on the right edge, by level. */
  async edge(): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    this.#edge ??= this.#verifiedEdge();
    const edge = await this.#edge;
    return new Map(edge.map(({ level, tile }) => [level, tile.nodes[0] ?? []]));
  }

  /** The largest complete subtrees of the whole tree, left to right. */
  async peaks(): Promise<readonly Uint8Array[]> {
    this.#edge ??= this.#verifiedEdge();
    return peaksOfTree(await this.#edge);
  }

  /** Hash of the leaf at an index below the size. */
  leaf(index: number): Promise<Uint8Array> {
    return this.#node(0, index);
  }

  /** Hashes of the leaves of one level-0 tile that are in the tree. */
  async leavesOf(tileIndex: number): Promise<readonly Uint8Array[]> {
    const tile = await this.#tile(0, tileIndex);
    return tile.nodes[0] ?? [];
  }

  /** Merkle Tree Hash of the leaves from `start` to before `end`, where `start` is a multiple of a large enough 2^k. */
  async rangeHash(start: number, end: number): Promise<Uint8Array> {
    const peaks: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const height = Math.floor(Math.log2(end - at));
      peaks.push(await this.#node(height, at / 2 ** height));
      at += 2 ** height;
    }
    return new CompactRange(this.#cryptography, end - start, peaks).root();
  }

  /** PATH(m, D[n]) of RFC 6962, section 2.1.1. */
  async inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]> {
    const path: Uint8Array[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + largestPowerBelow(end - start);
      path.push(index < middle ? await this.rangeHash(middle, end) : await this.rangeHash(start, middle));
      [start, end] = index < middle ? [start, middle] : [middle, end];
    }
    return path.reverse();
  }

  /** PROOF(m, D[n]) of RFC 6962, section 2.1.2, for 0 < from <= to. */
  async consistencyProof(from: number, to: number): Promise<readonly Uint8Array[]> {
    const path: Uint8Array[] = [];
    let [start, end] = [0, to];
    while (from < end) {
      const middle = start + largestPowerBelow(end - start);
      path.push(from <= middle ? await this.rangeHash(middle, end) : await this.rangeHash(start, middle));
      [start, end] = from <= middle ? [start, middle] : [middle, end];
    }
    // SUBPROOF with b true: the subtree that starts the whole tree is known to the verifier, and left out.
    if (start > 0) path.push(await this.rangeHash(start, end));
    return path.reverse();
  }

  /** The hash of the complete subtree number `index` of height `height`. */
  async #node(height: number, index: number): Promise<Uint8Array> {
    const level = Math.floor(height / tileHeight);
    const inside = height % tileHeight;
    const perTile = 2 ** (tileHeight - inside);
    const tile = await this.#tile(level, Math.floor(index / perTile));
    const node = tile.nodes[inside]?.[index % perTile];
    if (node === undefined)
      throw new LedgerError('HF_LEDGER_RANGE', `the tree of ${this.size} leaves has no such node`);
    return node;
  }

  async #tile(level: number, index: number): Promise<Tile> {
    this.#edge ??= this.#verifiedEdge();
    const edge = (await this.#edge).find((tile) => tile.level === level && tile.index === index);
    if (edge !== undefined) return edge.tile;
    const path = tilePath(level, index);
    const cached = this.#cache.get(path);
    if (cached !== undefined) return cached;
    const tile = await this.#fullTile(level, index);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= mostCached && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(path, tile);
    return tile;
  }

  async #fullTile(level: number, index: number): Promise<Tile> {
    if (widthOf(index, hashesAt(level, this.size)) < tileWidth) {
      throw new LedgerError(
        'HF_LEDGER_RANGE',
        `the tree of ${this.size} leaves has no tile \`${tilePath(level, index)}\``,
      );
    }
    const expected = await this.#node((level + 1) * tileHeight, index);
    const found = await findTile(this.#source, level, index, tileWidth);
    const tile = tileOf(hashesOf(found), this.#cryptography);
    const root = tileRoot(tile);
    if (root === undefined || !equal(root, expected)) throw corrupt(found.path);
    return tile;
  }

  async #verifiedEdge(): Promise<readonly EdgeTile[]> {
    const edge = await Promise.all(
      edgeTiles(this.size).map(async ({ level, index, width }): Promise<EdgeTile> => {
        const found = await findTile(this.#source, level, index, width);
        return { level, index, found, tile: tileOf(hashesOf(found).slice(0, width), this.#cryptography) };
      }),
    );
    if (!this.#leadsToRoot(edge)) throw await this.#blame(edge);
    return edge;
  }

  #leadsToRoot(edge: readonly EdgeTile[]): boolean {
    const root = new CompactRange(this.#cryptography, this.size, peaksOfTree(edge)).root();
    return equal(root, this.#rootHash);
  }

  /** Only all partial tiles together lead to the root; which one is wrong shows when they are rebuilt from below. */
  async #blame(edge: readonly EdgeTile[]): Promise<LedgerError> {
    const rebuilt = await Promise.all(
      edge.map(async (tile) => ({ ...tile, tile: (await this.#fromBelow(tile)) ?? tile.tile })),
    );
    const changed = edge.filter(({ tile }, at) => !sameTile(tile, rebuilt[at]?.tile)).map(({ found }) => found.path);
    if (changed.length > 0 && this.#leadsToRoot(rebuilt)) return corrupt(changed.join(', '));
    const paths = edge.map(({ found }) => found.path).join(', ');
    const message = `\`${paths}\` do not lead to the root that the checkpoint signs`;
    return new LedgerError('HF_LEDGER_ROOT_MISMATCH', message, { where: 'checkpoint' });
  }

  async #fromBelow({ level, index, tile }: EdgeTile): Promise<Tile | undefined> {
    const hashes: Uint8Array[] = [];
    const width = tile.nodes[0]?.length ?? 0;
    try {
      if (level === 0) {
        const { bytes, path, width: found } = await findTile(this.#source, 'entries', index, width);
        const entries = decodeBundle(bytes, found, path).slice(0, width);
        return tileOf(
          entries.map((entry) => leafHash(entry, this.#cryptography)),
          this.#cryptography,
        );
      }
      for (let at = 0; at < width; at++) {
        const below = await findTile(this.#source, level - 1, index * tileWidth + at, tileWidth);
        const root = tileRoot(tileOf(hashesOf(below), this.#cryptography));
        if (root !== undefined) hashes.push(root);
      }
      return tileOf(hashes, this.#cryptography);
    } catch (error) {
      if (error instanceof LedgerError) return undefined;
      throw error;
    }
  }
}

function peaksOfTree(edge: readonly EdgeTile[]): readonly Uint8Array[] {
  return edge.toReversed().flatMap(({ tile }) => peaksOf(tile));
}

function sameTile(a: Tile, b: Tile | undefined): boolean {
  return a.nodes[0]?.every((hash, at) => equal(hash, b?.nodes[0]?.[at] ?? new Uint8Array())) ?? false;
}

function corrupt(where: string): LedgerError {
  const message = `\`${where}\` does not hash to what the signed checkpoint commits to`;
  return new LedgerError('HF_LEDGER_TILE_CORRUPT', message, { where });
}

/** The largest power of two smaller than n, for n > 1 (RFC 6962, section 2.1). */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
