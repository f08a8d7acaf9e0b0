import { quantileOfSorted } from '@holdfast/statistics/quantile';
import { ranks } from '../drift/ranks.ts';
import type { SampledRows } from '../drift/sampled-rows.ts';

/** Rows of each table whose nearest neighbours are looked for, and among which. */
export const neighbourRows = 1000;

/** Distances to the nearest row of the reference, from 0 (the same) to 1 (different in all columns). */
export interface NearestDistances {
  /** Of the rows of the table, ascending. */
  readonly table: Float64Array;
  /** Of the rows of the reference among the others of it, ascending: what is usual. */
  readonly usual: Float64Array;
}

/** Of sorted distances the median, and what 95 % are below. */
export const middleAndFar = (distances: Float64Array): { readonly median: number; readonly far: number } => ({
  ...{ median: quantileOfSorted(distances, 0.5), far: quantileOfSorted(distances, 0.95) },
});

/**
 * Distances of rows: of numbers the difference of their ranks among both samples, of categories 0 or 1; the root of the mean of their
 * squares.
 */
export function nearestDistances(current: SampledRows, reference: SampledRows): NearestDistances | undefined {
  const [n, m] = [current, reference].map(({ rows }) => Math.min(rows, neighbourRows)) as [number, number];
  if (n < 1 || m < 2) return undefined;
  const columns = columnsOf(current, reference, n, m);
  const nearest = (row: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let other = n; other < n + m; other += 1) {
      if (other === row) continue;
      let sum = 0;
      for (const { isNumber, values } of columns) {
        const difference = (values[row] ?? 0) - (values[other] ?? 0);
        sum += isNumber ? difference * difference : Number(difference !== 0);
        if (sum >= least) break;
      }
      least = Math.min(least, sum);
    }
    return Math.sqrt(least / columns.length);
  };
  const distances = (from: number, to: number): Float64Array =>
    Float64Array.from({ length: to - from }, (_, at) => nearest(from + at)).sort();
  return { table: distances(0, n), usual: distances(n, n + m) };
}

interface PlacedColumn {
  readonly isNumber: boolean;
  readonly values: Float64Array;
}

function columnsOf(current: SampledRows, reference: SampledRows, n: number, m: number): PlacedColumn[] {
  return current.columns.map((column, at) => {
    const other = reference.columns[at];
    if (column.kind === 'numeric' && other?.kind === 'numeric') {
      const together = Float64Array.of(...column.values.subarray(0, n), ...other.values.subarray(0, m));
      return { isNumber: true, values: ranks(together) };
    }
    return { isNumber: false, values: codesOf([...column.values].slice(0, n), [...(other?.values ?? [])].slice(0, m)) };
  });
}

function codesOf(
  current: readonly (string | number | null)[],
  reference: readonly (string | number | null)[],
): Float64Array {
  const codes = new Map<string | number | null, number>();
  return Float64Array.from([...current, ...reference], (value) => {
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  });
}
