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
 * The two-sample test of Cramér and von Mises: T = U / (nm(n + m)) - (4nm - 1) / (6(n + m)), U = n Σ (r_i - i)² + m Σ (s_j - j)², r_i
 * the rank of the i-th smallest of the n values in both samples together, s_j that of the m; ties get the mean of their ranks.
 * T. W. Anderson, "On the Distribution of the Two-Sample Cramér-von Mises Criterion" (1962).
 *
 * Up to 20 values each, p is exact for values without ties: Y. Xiao, A. Gordon and A. Yakovlev, "A C++ Program for the Cramér-Von
 * Mises Two-Sample Test" (2006). Beyond, T with the mean and variance of its limit; p below about 10⁻⁶ is then an upper bound. As
 * `scipy.stats.cramervonmises_2samp` does.
 * @param a at least two values, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or one is NaN or infinite
 * @example
 * ```ts
 * import { cramerVonMises } from '@holdfast/statistics';
 * cramerVonMises([1, 2, 3, 4], [3.5, 4.5, 5, 6]); // { statistic: 0.469, p: 0.0571, method: 'exact' }
 * ```
 */
export function cramerVonMises(a: ArrayLike<number>, b: ArrayLike<number>): CramerVonMisesResult {
  const [first, second] = sortedPair(a, b, 2);
  const [n, m] = [first.length, second.length];
  const sum = rankSum(first, second);
  const product = n * m;
  const statistic = sum / (product * (n + m)) - (4 * product - 1) / (6 * (n + m));
  if (Math.max(n, m) <= mostExact) {
    return { statistic, p: twoSampleCramerVonMisesSurvival(sum, n, m), method: 'exact' };
  }
  return { statistic, p: cramerVonMisesSurvival(normalised(statistic, n, m)), method: 'asymptotic' };
}

/** U: what the ranks of each sample in both differ from those in itself, squared. */
function rankSum(a: Float64Array, b: Float64Array): number {
  let ofA = 0;
  let ofB = 0;
  eachValue(a, b, (_value, inA, inB, belowA, belowB) => {
    const rank = belowA + belowB + (inA + inB + 1) / 2;
    for (let i = belowA + 1; i <= belowA + inA; i += 1) ofA += (rank - i) ** 2;
    for (let j = belowB + 1; j <= belowB + inB; j += 1) ofB += (rank - j) ** 2;
  });
  return a.length * ofA + b.length * ofB;
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
