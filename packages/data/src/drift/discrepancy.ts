import { median, randomOf } from '@holdfast/statistics';
import { quadraticDiscrepancy } from '@holdfast/statistics/distances/quadratic-discrepancy';
import { ranks } from './ranks.ts';
import type { SampledRows } from './sampled-rows.ts';

/** Rows of each table, all pairs of which are looked at. */
export const discrepancyRows = 500;
const permutations = 999;
/** Rows whose distances the bandwidth is the median of. */
const bandwidthRows = 300;

export interface Discrepancy {
  /** MMD², unbiased: about 0 (the same) to 2; it may be below 0. */
  readonly statistic: number;
  /** By permutation, 1/1000 at least. */
  readonly p: number;
}

/**
 * The maximum mean discrepancy of rows of numbers, of each column the rank in both samples: k(x, y) = exp(-|x - y|² / 2σ²), σ the median
 * of the distances. A. Gretton et al., "A Kernel Two-Sample Test" (2012). Nothing where there are no numbers, or they are all the same.
 */
export function discrepancy(current: SampledRows, reference: SampledRows, seed: number): Discrepancy | undefined {
  const [n, m] = [current, reference].map(({ rows }) => Math.min(rows, discrepancyRows)) as [number, number];
  if (n < 2 || m < 2) return undefined;
  const columns = current.columns.flatMap((column, at) => {
    const other = reference.columns[at];
    if (column.kind !== 'numeric' || other?.kind !== 'numeric') return [];
    const pooled = new Float64Array(n + m);
    pooled.set(column.values.subarray(0, n));
    pooled.set(other.values.subarray(0, m), n);
    return [ranks(pooled)];
  });
  const distance = (one: number, other: number): number => {
    let sum = 0;
    for (const column of columns) sum += ((column[one] ?? 0) - (column[other] ?? 0)) ** 2;
    return sum;
  };
  const bandwidth = bandwidthOf(n, n + m, distance, seed);
  if (!(bandwidth > 0)) return undefined;
  const places = Float64Array.from({ length: n + m }, (_, at) => at);
  const kernel = (one: number, other: number): number => Math.exp(-distance(one, other) / (2 * bandwidth ** 2));
  const random = randomOf(seed).fork('maximum mean discrepancy of rows');
  return quadraticDiscrepancy(places.subarray(0, n), places.subarray(n), kernel, random, permutations);
}

/** The median of the distances between rows that differ, of some rows of both. */
function bandwidthOf(n: number, all: number, squared: (one: number, other: number) => number, seed: number): number {
  const places = Uint32Array.from({ length: all }, (_, at) => at);
  const drawn = randomOf(seed).fork(`bandwidth ${n}`).shuffle(places).subarray(0, bandwidthRows);
  const distances: number[] = [];
  for (const [at, one] of drawn.entries()) {
    for (const other of drawn.subarray(0, at)) {
      const distance = squared(one, other);
      if (distance > 0) distances.push(Math.sqrt(distance));
    }
  }
  return distances.length === 0 ? 0 : median(distances);
}
