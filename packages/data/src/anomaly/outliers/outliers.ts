import { randomOf } from '@holdfast/statistics';
import { ecodScores } from './ecod.ts';
import { isolationScores } from './isolation-forest.ts';
import { neighbourDistances, scaledPoints } from './nearest.ts';
import type { NumberColumns } from './read-columns.ts';

export interface OutlierOptions {
  /** Which part of rows like those of the reference may be named. */
  readonly falseAlarms: number;
  /** Without a reference: how many rows each method names. */
  readonly top: number;
  readonly neighbours: number;
  readonly seed: string;
}

export interface Outliers {
  /** Numbers of rows of the table, farthest first: those that ECOD or the neighbours name. */
  readonly named: readonly number[];
  /** Of these, how many the isolation forest names, too. */
  readonly agreed: number;
  readonly byEcod: number;
  readonly byNeighbours: number;
  /** Among how many rows neighbours were looked for. */
  readonly among: number;
  /** Of the rows of the table, then of the reference. */
  readonly scores: Float64Array;
}

/** Products that finding neighbours may take: some seconds. */
const most = { among: 4000, products: 5e8 };

/**
 * Rows that are far from the others, or from the reference where there is one. Two methods name rows, ECOD and the distance
 * to the k-th neighbour; an isolation forest, whose scores depend on luck, only says which of them it names as well.
 *
 * With a reference, both methods score all rows together, and a row is named that lies farther out than all but a part α/2 of
 * the reference's rows: of rows from the same distribution the two name at most the part α. Without one nobody knows how many
 * outliers there are, so the farthest rows are named, whatever they are.
 */
export function outliers({ columns, places, reference }: NumberColumns, options: OutlierOptions): Outliers {
  const rows = places.length;
  const all = rows + reference;
  const points = scaledPoints(columns);
  const base = Uint32Array.from(
    { length: reference === 0 ? rows : reference },
    (_, at) => at + (reference === 0 ? 0 : rows),
  );
  const among = neighbourhood(base, all * Math.max(1, columns.length), options.seed);
  const scores = ecodScores(columns);
  const distances = neighbourDistances(points, among, options.neighbours);
  const forest = isolationScores(points, base, { seed: options.seed });
  const name = (each: Float64Array): Set<number> =>
    reference === 0 ? farthest(each, rows, options.top) : beyond(each, rows, options.falseAlarms / 2);
  const [byEcod, byNeighbours] = [
    name(scores),
    among.length > options.neighbours ? name(distances) : new Set<number>(),
  ];
  const named = [...new Set([...byEcod, ...byNeighbours])];
  const isolated = reference === 0 ? farthest(forest, rows, named.length) : beyond(forest, rows, options.falseAlarms);
  return {
    named: named.sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other),
    agreed: named.filter((row) => isolated.has(row)).length,
    ...{ byEcod: byEcod.size, byNeighbours: byNeighbours.size, among: among.length, scores },
  };
}

function neighbourhood(base: Uint32Array, products: number, seed: string): Uint32Array {
  const size = Math.min(base.length, most.among, Math.max(100, Math.floor(most.products / Math.max(1, products))));
  if (size === base.length) return base;
  return randomOf(seed).fork('neighbours').shuffle(base.slice()).subarray(0, size).sort();
}

/** The rows with the highest scores that are above the middle one. */
function farthest(scores: Float64Array, rows: number, top: number): Set<number> {
  const own = scores.subarray(0, rows);
  const middle = own.toSorted()[Math.floor(rows / 2)] ?? 0;
  const order = Array.from(own.keys()).filter((row) => (own[row] ?? 0) > middle);
  order.sort((one, other) => (own[other] ?? 0) - (own[one] ?? 0) || one - other);
  return new Set(order.slice(0, top));
}

/** The rows whose score fewer than a part α of the reference's reaches; none where the reference is too small to say so. */
function beyond(scores: Float64Array, rows: number, alpha: number): Set<number> {
  const reference = scores.subarray(rows).toSorted();
  const allowed = Math.floor(alpha * (reference.length + 1));
  if (allowed === 0) return new Set();
  const threshold = reference[reference.length - allowed] ?? Number.POSITIVE_INFINITY;
  const own = scores.subarray(0, rows);
  return new Set(Array.from(own.keys()).filter((row) => (own[row] ?? 0) > threshold));
}
