import { quantile } from '@holdfast/statistics';

/** Between which quantiles a feature lies nearly always. */
export interface RangesState {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const outer = 0.005;

/** @param columns each without NaN, at least one value */
export function fitRanges(columns: readonly Float64Array[]): RangesState {
  return {
    low: columns.map((column) => quantile(column, outer)),
    high: columns.map((column) => quantile(column, 1 - outer)),
  };
}

/** How far the furthest feature lies beyond its quantiles of 0.5 and 99.5 %, in widths of what is between them; 0 within. NaN has no part. */
export function rangesScore({ low, high }: RangesState): (row: Float64Array) => number {
  const [lows, highs] = [Float64Array.from(low), Float64Array.from(high)];
  // A feature that hardly varied has its own size for a width.
  const widths = lows.map((each, at) => {
    const width = (highs[at] as number) - each;
    return width > 0 ? 1 / width : 1 / Math.max(Math.abs(each), 1e-9);
  });
  return (row) => {
    let most = 0;
    for (let at = 0; at < row.length; at += 1) {
      const value = row[at] as number;
      const beyond = Math.max((lows[at] as number) - value, value - (highs[at] as number)) * (widths[at] as number);
      if (beyond > most) most = beyond;
    }
    return most;
  };
}
