import { decodeBundle, encodeEntry } from './entry-bundle.ts';
import type { EdgeContent } from './right-edge.ts';
import { findTile } from './tile.ts';
import { tileWidth } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import type { TileTree } from './tile-tree.ts';
import type { VerifiedCheckpoint } from './verify/checkpoint.ts';

/** Where a writer stands: the newest checkpoint, the tree behind it, and what appending to it needs. */
export interface Head {
  readonly checkpoint: VerifiedCheckpoint;
  readonly tree: TileTree;
  readonly edge: EdgeContent;
}

/**
 * Reads what appending needs. The hashes are verified by the tree; the entries of the partial bundle are copied into
 * the next one as they are, and are verified by those who read them.
 */
export async function loadEdge(source: TileSource, tree: TileTree): Promise<EdgeContent> {
  const { size } = tree;
  const bundle = await partialBundle(source, Math.floor(size / tileWidth), size % tileWidth);
  return { size, peaks: await tree.peaks(), hashes: await tree.edge(), bundle };
}

async function partialBundle(source: TileSource, index: number, width: number): Promise<readonly Uint8Array[]> {
  if (width === 0) return [];
  const found = await findTile(source, 'entries', index, width);
  return decodeBundle(found.bytes, found.width, found.path).slice(0, width).map(encodeEntry);
}
