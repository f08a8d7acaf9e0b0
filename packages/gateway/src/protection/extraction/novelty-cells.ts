import { randomOf } from '@holdfast/statistics';

const planes = 12;

/** Words of a set of cells. */
export const cellWords = 2 ** planes / 32;

/**
 * Which of 4,096 cells a row lies in: on which side of 12 random planes through the middle of the data (M. S. Charikar, "Similarity estimation
 * techniques from rounding algorithms", 2002). What is asked again, or nearly so, mostly lies in the same.
 * @param seed secret or not: who knows it can ask for rows of one cell, and learns little
 */
export function noveltyCells(width: number, seed: string): (scaled: Float64Array) => number {
  const random = randomOf(seed).fork('cells');
  const weights = Float64Array.from({ length: planes * width }, () => random.normal());
  return (scaled) => {
    let cell = 0;
    for (let plane = 0, at = 0; plane < planes; plane += 1) {
      let sum = 0;
      for (let each = 0; each < width; each += 1, at += 1) sum += (weights[at] as number) * (scaled[each] as number);
      cell = (cell << 1) | (sum > 0 ? 1 : 0);
    }
    return cell;
  };
}

export function hasCell(cells: Uint32Array, cell: number): boolean {
  return ((cells[cell >>> 5] as number) & (1 << (cell & 31))) !== 0;
}

/** Puts a cell into a set; false if it was there. */
export function enterCell(cells: Uint32Array, cell: number): boolean {
  if (hasCell(cells, cell)) return false;
  cells[cell >>> 5] = (cells[cell >>> 5] as number) | (1 << (cell & 31));
  return true;
}
