import { eachValue, sortedPair } from '../sorted-sample.ts';
import { mannWhitneySurvival } from '../special/mann-whitney.ts';
import { normalSurvival } from '../special/survival.ts';
import type { TestResult } from './test-result.ts';

/** With so few values in one of the samples, and no ties, p is exact, as long as there are no more pairs than this. */
const fewValues = 8;
const mostPairs = 10_000_000;

export interface MannWhitneyResult extends TestResult {
  readonly method: 'exact' | 'asymptotic';
  /** The chance that a value of the first sample is above one of the second, ties half: U / nm, from 0 to 1. */
  readonly commonLanguage: number;
}

/**
 * The test of Mann and Whitney: U = the pairs in which the value of the first sample is the larger, ties half. H. B. Mann and
 * D. R. Whitney, "On a Test of Whether One of Two Random Variables is Stochastically Larger than the Other" (1947).
 *
 * If one sample has at most 8 values, there are no ties and no more than ten million pairs, p is exact; else U is compared with the
 * normal distribution of its mean and variance, corrected for ties and for continuity. Two-sided, as `scipy.stats.mannwhitneyu` does.
 * @param a at least one value, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, or a value is NaN or infinite
 * @example
 * ```ts
 * import { mannWhitney } from '@holdfast/statistics';
 * mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]); // { statistic: 17, p: 0.111, method: 'exact', commonLanguage: 0.85 }
 * ```
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): MannWhitneyResult {
  const [first, second] = sortedPair(a, b);
  const [n, m] = [first.length, second.length];
  const { statistic, ties } = pairs(first, second);
  const commonLanguage = statistic / (n * m);
  const larger = Math.max(statistic, n * m - statistic);
  if (ties === 0 && Math.min(n, m) <= fewValues && n * m <= mostPairs) {
    const p = Math.min(1, 2 * mannWhitneySurvival(larger, n, m));
    return { statistic, p, method: 'exact', commonLanguage };
  }
  const all = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (all + 1 - ties / (all * (all - 1))));
  // If all values are equal there is no variance, and nothing to tell.
  const p = deviation > 0 ? Math.min(1, 2 * normalSurvival((larger - (n * m) / 2 - 0.5) / deviation)) : 1;
  return { statistic, p, method: 'asymptotic', commonLanguage };
}

/** U, and Σ t³ - t over the values that t of both samples have. */
function pairs(a: Float64Array, b: Float64Array): { statistic: number; ties: number } {
  let statistic = 0;
  let ties = 0;
  eachValue(a, b, (_value, inA, inB, _belowA, belowB) => {
    statistic += inA * (belowB + inB / 2);
    const tied = inA + inB;
    ties += tied ** 3 - tied;
  });
  return { statistic, ties };
}
