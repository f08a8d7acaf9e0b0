/** Hashes in a full tile, and entries in a full bundle (C2SP tlog-tiles, "Merkle Tree"). */
export const tileWidth = 256;

/** Height of the subtree that a tile spans. */
export const tileHeight = 8;

/** Level of a Merkle tile, 0 holding leaf hashes; or the entry bundles beside level 0. */
export type TileLevel = number | 'entries';

/** Path of the signed checkpoint. */
export const checkpointPath = 'checkpoint';

/**
 * Path of a tile or entry bundle, such as `tile/0/x001/x234/067` or `tile/entries/000.p/5`
 * (C2SP tlog-tiles, "Merkle Tree" and "Log entries").
 *
 * @param width number of hashes or entries in it; below 256 it is a partial tile
 */
export function tilePath(level: TileLevel, index: number, width: number = tileWidth): string {
  const partial = width < tileWidth ? `.p/${width}` : '';
  return `tile/${level}/${indexPath(index)}${partial}`;
}

function indexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** How many complete subtrees of level `level` a tree of `size` leaves has: floor(size / 256^level). */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The levels of a tree of `size` leaves: those with at least one hash, lowest first. */
export function levelsOf(size: number): readonly number[] {
  const levels: number[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) levels.push(level);
  return levels;
}

/** Width of tile `index` at a level that has `count` hashes: 256 when full, less for the last one, 0 behind it. */
export function widthOf(index: number, count: number): number {
  return Math.max(0, Math.min(tileWidth, count - index * tileWidth));
}
