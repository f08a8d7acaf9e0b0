import { logHypergeometricTail } from '@holdfast/statistics/hypergeometric';
import {
  fewest,
  type ItemColumn,
  intervalItems,
  type RankedColumn,
  repeatedItems,
  scales,
  shifts,
} from './item-columns.ts';

/** An item of one column and one of another, and how many rows of a class have both. */
export interface PairCell {
  readonly columns: readonly [number, number];
  readonly label: number;
  readonly rows: number;
  /** How unlikely so many are where columns know nothing of each other, -ln p. */
  readonly surprise: number;
  /** Items, to be compared within one view of the pair. */
  readonly items: readonly [number, number];
  readonly view: number;
}

/** Two columns as items, in each way that they are looked at. */
export interface PairView {
  readonly one: ItemColumn;
  readonly other: ItemColumn;
}

/** All ways in which each column is divided: one for categories; by size and shift for numbers, and by the values that come back. */
export function dividedColumns(columns: readonly RankedColumn[]): (readonly ItemColumn[])[] {
  return columns.map((column) =>
    column.kind === 'category'
      ? [column.items]
      : [
          ...scales.flatMap((parts) => shifts.map((shift) => intervalItems(column.ranks, parts, shift))),
          repeatedItems(column.ranks),
        ],
  );
}

/** Two columns of numbers are divided alike in size, in any shift. */
export function viewsOf(one: readonly ItemColumn[], other: readonly ItemColumn[]): PairView[] {
  const views: PairView[] = [];
  const isBoth = one.length > 1 && other.length > 1;
  for (const [at, left] of one.entries()) {
    for (const [place, right] of other.entries()) {
      const isAlike = Math.floor(at / shifts.length) === Math.floor(place / shifts.length);
      if (!isBoth || isAlike) views.push({ one: left, other: right });
    }
  }
  return views;
}

/** How often rows of a class have each two items: one table of counts for each class, and its margins. */
export interface Crossed {
  readonly width: number;
  readonly height: number;
  /** classes × height × width. */
  readonly cells: Uint32Array;
  readonly ones: Uint32Array;
  readonly others: Uint32Array;
}

export function crossed({ one, other }: PairView, labels: Int32Array, classes: number, isLeftOut: Uint8Array): Crossed {
  const [height, width] = [one.count, other.count];
  const cells = new Uint32Array(classes * height * width);
  const [ones, others] = [new Uint32Array(classes * height), new Uint32Array(classes * width)];
  const [left, right] = [one.items, other.items];
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number;
    if (label < 0 || isLeftOut[row] === 1) continue;
    const [a, b] = [left[row] as number, right[row] as number];
    if (a >= 0) (ones[label * height + a] as number) += 1;
    if (b >= 0) (others[label * width + b] as number) += 1;
    if (a >= 0 && b >= 0) (cells[(label * height + a) * width + b] as number) += 1;
  }
  return { width, height, cells, ones, others };
}

/** Cells of one view that hold more rows of a class than chance would put there. */
export function crowdedCells(
  columns: readonly [number, number],
  view: number,
  { width, height, cells, ones, others }: Crossed,
  sizes: Uint32Array,
  least: number,
): PairCell[] {
  const found: PairCell[] = [];
  for (const [label, size] of sizes.entries()) {
    for (let a = 0; a < height; a += 1) {
      const first = ones[label * height + a] ?? 0;
      if (first < fewest) continue;
      for (let b = 0; b < width; b += 1) {
        const rows = cells[(label * height + a) * width + b] ?? 0;
        if (rows < fewest) continue;
        const expected = (first * (others[label * width + b] ?? 0)) / size;
        // Chernoff's bound of the tail: what is below it by far needs no exact look.
        if (rows <= expected || rows * Math.log(rows / expected) - rows + expected < least / 2) continue;
        const surprise = -logHypergeometricTail(rows, size, first, others[label * width + b] ?? 0);
        if (surprise >= least) found.push({ columns, label, rows, surprise, items: [a, b], view });
      }
    }
  }
  return found;
}
