import { eachValue, sortedPair } from '../sorted-sample.ts';
import { kolmogorovSurvival } from '../special/kolmogorov.ts';
import { commonDivisor, twoSampleKolmogorovSurvival } from '../special/two-sample-kolmogorov.ts';
import type { TestResult } from './test-result.ts';

/** Up to this many values in each sample, p is exact. */
const mostExact = 10_000;

export interface KolmogorovSmirnovResult extends TestResult {
  readonly method: 'exact' | 'asymptotic';
  /** The value at which the two distributions are furthest apart. */
  readonly at: number;
  /** 1 if more of the first sample lies at or below that value, -1 if more of the second does. */
  readonly sign: 1 | -1;
}

interface Extreme {
  readonly distance: number;
  readonly at: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov: D = max |F(x) - G(x)|, F and G the parts of the samples at or below x. N. V. Smirnov,
 * "On the Estimation of the Discrepancy between Empirical Curves of Distribution for Two Independent Samples" (1939).
 *
 * Up to 10,000 values each, p is exact for values without ties, and too large with them (never too small); beyond, it is that of the
 * one-sample statistic of nm / (n + m) values. As `scipy.stats.ks_2samp`, two-sided, does.
 * @param a at least one value, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @returns the statistic from 0 (the same) to 1 (nothing in common)
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, or a value is NaN or infinite
 * @example
 * ```ts
 * import { kolmogorovSmirnov } from '@holdfast/statistics';
 * kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]); // { statistic: 0.5, p: 0.771, method: 'exact', at: 2, sign: 1 }
 * ```
 */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnovResult {
  const [first, second] = sortedPair(a, b);
  const { above, below } = extremes(first, second);
  const isBelow = below.distance > above.distance;
  const { distance, at } = isBelow ? below : above;
  const sign = isBelow ? -1 : 1;
  const [m, n] = [first.length, second.length];
  if (Math.max(m, n) <= mostExact) {
    const multiple = (m / commonDivisor(m, n)) * n;
    const steps = Math.round(distance * multiple);
    return { statistic: steps / multiple, p: twoSampleKolmogorovSurvival(m, n, steps), method: 'exact', at, sign };
  }
  const p = kolmogorovSurvival(roundHalfToEven((m * n) / (m + n)), distance);
  return { statistic: distance, p, method: 'asymptotic', at, sign };
}

/** Where F lies furthest above G, and where furthest below: the least value of several that are as far. */
function extremes(a: Float64Array, b: Float64Array): { above: Extreme; below: Extreme } {
  let above: Extreme = { distance: Number.NEGATIVE_INFINITY, at: 0 };
  let below: Extreme = above;
  eachValue(a, b, (value, inA, inB, belowA, belowB) => {
    const distance = (belowA + inA) / a.length - (belowB + inB) / b.length;
    if (distance > above.distance) above = { distance, at: value };
    if (-distance > below.distance) below = { distance: -distance, at: value };
  });
  return { above, below };
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
