import { decodeBundle, encodeEntry, requireEntries } from './entry-bundle.ts';
import { nodeCryptography } from './node-cryptography.ts';
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
 * Reads what appending needs, and verifies it: hashes by the tree, entries by their hashes.
 *
 * @throws LedgerError HF_LEDGER_TILE_CORRUPT, HF_LEDGER_TILE_TRUNCATED, HF_LEDGER_TILE_MISSING
 */
export async function loadEdge(source: TileSource, tree: TileTree): Promise<EdgeContent> {
  const { size } = tree;
  const hashes = await tree.edge();
  const entries = await verifiedEntries(source, Math.floor(size / tileWidth), hashes.get(0) ?? []);
  return { size, peaks: await tree.peaks(), hashes, bundle: entries.map(encodeEntry) };
}

/**
 * The entries of the bundle with this index that belong to these verified leaf hashes.
 *
 * @throws LedgerError HF_LEDGER_TILE_CORRUPT, HF_LEDGER_TILE_TRUNCATED, HF_LEDGER_TILE_MISSING
 */
async function verifiedEntries(
  source: TileSource,
  index: number,
  leafHashes: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  if (leafHashes.length === 0) return [];
  const { bytes, path, width } = await findTile(source, 'entries', index, leafHashes.length);
  const entries = decodeBundle(bytes, width, path).slice(0, leafHashes.length);
  requireEntries(entries, leafHashes, { path, first: index * tileWidth }, nodeCryptography);
  return entries;
}
