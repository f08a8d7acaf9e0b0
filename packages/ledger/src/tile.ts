import { LedgerError } from './errors.ts';
import type { TileLevel } from './tile-path.ts';
import { hashesAt, tileHeight, tilePath, tileWidth } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { hashLength, nodeHash } from './verify/merkle.ts';

/** The hashes of a tile, and the inner nodes over them. */
export interface Tile {
  /** `nodes[r]` are the complete subtrees of height r inside the tile; `nodes[0]` its own hashes. */
  readonly nodes: readonly (readonly Uint8Array[])[];
}

/** A file that was found for a tile or bundle, perhaps wider than asked for. */
export interface FoundTile {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly width: number;
}

/** Computes the inner nodes over the hashes of a tile. */
export function tileOf(hashes: readonly Uint8Array[], cryptography: Cryptography): Tile {
  const nodes = [hashes];
  let below = hashes;
  for (let height = 1; height <= tileHeight; height++) {
    const row: Uint8Array[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) {
      const [left, right] = below.slice(at, at + 2);
      if (left !== undefined && right !== undefined) row.push(nodeHash(left, right, cryptography));
    }
    nodes.push(row);
    below = row;
  }
  return { nodes };
}

/** The hash of the whole tile, `undefined` when it is partial. */
export function tileRoot(tile: Tile): Uint8Array | undefined {
  return tile.nodes[tileHeight]?.[0];
}

/** The largest complete subtrees of a partial tile, left to right: one per 1-bit of its width. */
export function peaksOf(tile: Tile): readonly Uint8Array[] {
  const width = tile.nodes[0]?.length ?? 0;
  const peaks: Uint8Array[] = [];
  for (let height = tileHeight - 1; height >= 0; height--) {
    const peak = tile.nodes[height]?.at(-1);
    if (((width >> height) & 1) === 1 && peak !== undefined) peaks.push(peak);
  }
  return peaks;
}

/**
 * Finds the file of a tile or bundle: the one of this width, else the full one, else a wider partial one. A log may
 * delete a partial tile once the full one is there (C2SP tlog-tiles, "Partial Tiles").
 *
 * @throws LedgerError HF_LEDGER_TILE_MISSING
 */
export async function findTile(source: TileSource, level: TileLevel, index: number, width: number): Promise<FoundTile> {
  for (const candidate of widthsFrom(width)) {
    const path = tilePath(level, index, candidate);
    const bytes = await source.read(path);
    if (bytes !== undefined) return { bytes, path, width: candidate };
  }
  const where = tilePath(level, index, width);
  throw new LedgerError('HF_LEDGER_TILE_MISSING', `\`${where}\` is missing`, { where });
}

function* widthsFrom(width: number): Generator<number> {
  yield width;
  if (width < tileWidth) yield tileWidth;
  for (let wider = width + 1; wider < tileWidth; wider++) yield wider;
}

/**
 * The hashes in the bytes of a tile.
 *
 * @throws LedgerError HF_LEDGER_TILE_TRUNCATED when its length is not that of its width
 */
export function hashesOf({ bytes, path, width }: FoundTile): readonly Uint8Array[] {
  if (bytes.length !== width * hashLength) {
    const message = `\`${path}\` has ${bytes.length} bytes, not ${width * hashLength}`;
    throw new LedgerError('HF_LEDGER_TILE_TRUNCATED', message, { where: path });
  }
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * hashLength, (at + 1) * hashLength));
}

/** The partial tiles on the right edge of a tree of `size` leaves, lowest level first. */
export function edgeTiles(size: number): readonly { level: number; index: number; width: number }[] {
  const tiles: { level: number; index: number; width: number }[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const count = hashesAt(level, size);
    const width = count % tileWidth;
    if (width > 0) tiles.push({ level, index: Math.floor(count / tileWidth), width });
  }
  return tiles;
}
