import { eachValue, sortedPair } from '../sorted-sample.ts';
import { cramerVonMisesSurvival } from '../special/cramer-von-mises.ts';
import { twoSampleCramerVonMisesSurvival } from '../special/two-sample-cramer-von-mises.ts';
import type { TestResult } from './test-result.ts';

/** Up to this many values in each sample, p is exact. */
const mostExact = 20;

export interface CramerVonMisesResult extends TestResult {
  readonly method: 'exact' | 'asymptotic';
}

/**
 * The two-sample test of Cramér and von Mises: T = nm / N² Σ (F - G)² over all N = n + m values, F and G the parts of the samples at or
 * below each. T. W. Anderson, "On the Distribution of the Two-Sample Cramér-von Mises Criterion" (1962).
 *
 * Up to 20 values each, p is exact for values without ties: Y. Xiao, A. Gordon and A. Yakovlev, "A C++ Program for the Cramér-Von
 * Mises Two-Sample Test" (2006). Beyond, T with the mean and variance of its limit; p below about 10⁻⁶ is then an upper bound. As
 * `scipy.stats.cramervonmises_2samp` does, unless there are ties: its midranks tell apart any two samples of unequal size that repeat a
 * few values, the same ones included. Here F - G goes from one value to the next in even steps, as many as are equal, which is the
 * mean of all orders that they could be in; p is then rather too large than too small.
 * @param a at least two values, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or one is NaN or infinite
 * @example
 * ```ts
 * import { cramerVonMises } from '@holdfast/statistics';
 * cramerVonMises([1, 2, 3, 4], [3.5, 4.5, 5, 6]); // { statistic: 0.5, p: 0.0571, method: 'exact' }
 * ```
 */
export function cramerVonMises(a: ArrayLike<number>, b: ArrayLike<number>): CramerVonMisesResult {
  const [first, second] = sortedPair(a, b, 2);
  const [n, m] = [first.length, second.length];
  const statistic = ((n * m) / (n + m) ** 2) * squaredGaps(first, second);
  if (Math.max(n, m) <= mostExact) {
    return { statistic, p: twoSampleCramerVonMisesSurvival(statistic, n, m), method: 'exact' };
  }
  return { statistic, p: cramerVonMisesSurvival(normalised(statistic, n, m)), method: 'asymptotic' };
}

/** Σ (F - G)² over all values; over t that are equal, the sum of (before + change · k / t)², k = 1 to t. */
function squaredGaps(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  eachValue(a, b, (_value, inA, inB, belowA, belowB) => {
    const tied = inA + inB;
    const before = belowA / a.length - belowB / b.length;
    const change = inA / a.length - inB / b.length;
    const steps = tied + 1;
    sum += tied * before * before + before * change * steps + (change * change * steps * (2 * tied + 1)) / (6 * tied);
  });
  return sum;
}

/** T moved and scaled to the mean 1/6 and the variance 1/45 of its limit: equations 11, 14 and 15 of Anderson. */
function normalised(statistic: number, n: number, m: number): number {
  const all = n + m;
  const product = n * m;
  const mean = (1 + 1 / all) / 6;
  const variance =
    ((all + 1) * (4 * product * all - 3 * (n * n + m * m) - 2 * product)) / (45 * all * all * 4 * product);
  return 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
}
