import type { ShingleSets } from './shingle-sets.ts';
import { mixed } from './shingles.ts';
import type { BandHashes } from './signature.ts';

/** Bands that are made at most. */
const mostBands = 80;
/** Rows that may differ in more cells than this are compared as sets of their cells. */
const mostDiffering = 3;

/**
 * In how many of their cells two rows may differ and still be as similar as the threshold says, as sets of cells: the largest
 * e with (cells − e) / (cells + e) ≥ threshold.
 */
export function differingCells(cells: number, threshold: number): number {
  return Math.floor((cells * (1 - threshold)) / (1 + threshold) + 1e-9);
}

/** Whether rows can be cut into blocks so that none is missed. */
export const hasRowBands = (differing: number): boolean => differing >= 1 && differing <= mostDiffering;

/**
 * The hash of each band of each row: rows are cut into blocks of cells, and a band is all blocks but as many as may differ, for
 * each choice of these. Two rows that differ in so few cells agree in some band, so that none is missed.
 *
 * @param rows cells in their order, as many in each row
 */
export function rowBands(rows: ShingleSets, cells: number, differing: number): BandHashes {
  const left = choicesLeft(cells, differing);
  const { values, count } = rows;
  const hashes = new Uint32Array(left.length * count);
  const blocks = left[0]?.length ?? 0;
  const blockHashes = new Uint32Array(blocks);
  for (let row = 0; row < count; row += 1) {
    const start = row * cells;
    blockHashes.fill(0);
    for (let at = 0; at < cells; at += 1) {
      const block = Math.floor((at * blocks) / cells);
      blockHashes[block] = mixed(Math.imul(blockHashes[block] ?? 0, 0x9e3779b1) ^ (values[start + at] ?? 0));
    }
    for (const [band, isLeft] of left.entries()) {
      let hash = band;
      for (let block = 0; block < blocks; block += 1) {
        if (isLeft[block] !== true) hash = mixed(Math.imul(hash, 0x85ebca6b) ^ (blockHashes[block] ?? 0));
      }
      hashes[band * count + row] = hash;
    }
  }
  return { bands: left.length, hashes };
}

/** Which blocks are left out, for each band: as many blocks as {@link mostBands} allows. */
function choicesLeft(cells: number, differing: number): boolean[][] {
  let blocks = differing + 1;
  while (blocks < cells && combinations(blocks + 1, differing) <= mostBands) blocks += 1;
  const choose = (from: number, many: number): number[][] =>
    many === 0
      ? [[]]
      : Array.from({ length: blocks - from }, (_, at) => from + at).flatMap((block) =>
          choose(block + 1, many - 1).map((others) => [block, ...others]),
        );
  return choose(0, differing).map((chosen) => Array.from({ length: blocks }, (_, block) => chosen.includes(block)));
}

function combinations(of: number, many: number): number {
  return Array.from({ length: many }, (_, at) => at).reduce((product, at) => (product * (of - at)) / (at + 1), 1);
}

/** Whether two rows of so many cells differ in at most so many. */
export function differsLittle(rows: ShingleSets, cells: number, most: number): (one: number, other: number) => boolean {
  return (one, other) => {
    const { values } = rows;
    const [left, right] = [one * cells, other * cells];
    let differing = 0;
    for (let at = 0; at < cells && differing <= most; at += 1)
      if (values[left + at] !== values[right + at]) differing += 1;
    return differing <= most;
  };
}
