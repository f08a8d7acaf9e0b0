import { requireCounts } from '../counts.ts';
import { StatisticsError } from '../errors.ts';
import { chiSquareSurvival } from '../special/survival.ts';
import type { TestResult } from './test-result.ts';

/** W. G. Cochran, "Some Methods for Strengthening the Common χ² Tests" (1954): up to a fifth of the cells may expect fewer. */
const smallExpectation = 5;

export interface ChiSquareResult extends TestResult {
  /** How many categories were seen, less one. */
  readonly freedom: number;
  /** How many of the cells of the table (twice the categories that were seen) expect a count below 5. */
  readonly smallExpected: number;
  /** The smallest count that is expected in a cell. */
  readonly leastExpected: number;
  /** Cochran's rule: at most a fifth of the cells expect a count below 5, and none one below 1. Where not, p is a rough guide. */
  readonly isApproximationSound: boolean;
}

/**
 * The χ² test of homogeneity: whether two rows of counts over the same categories are drawn from the same shares.
 * χ² = Σ (count - expected)² / expected over the cells, expected = row sum · column sum / sum. K. Pearson, "On the Criterion that a
 * Given System of Deviations …" (1900). As `scipy.stats.chi2_contingency` without correction does; categories that neither row has
 * are left out.
 * @param countsA how often each category is in the first sample: whole numbers
 * @param countsB the same categories in the second sample
 * @returns p with one degree of freedom less than there are categories; with a single category, 1
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is no whole number of at least 0, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { chiSquare } from '@holdfast/statistics';
 * chiSquare([30, 50, 20], [45, 40, 15]); // { statistic: 4.825, p: 0.0896, freedom: 2, smallExpected: 0, … }
 * ```
 */
export function chiSquare(countsA: ArrayLike<number>, countsB: ArrayLike<number>): ChiSquareResult {
  const [sumA, sumB] = requireCounts(countsA, countsB);
  const sum = sumA + sumB;
  let statistic = 0;
  let categories = 0;
  let smallExpected = 0;
  let leastExpected = Number.POSITIVE_INFINITY;
  for (let index = 0; index < countsA.length; index += 1) {
    const a = whole(countsA[index] ?? 0);
    const b = whole(countsB[index] ?? 0);
    if (a + b === 0) continue;
    categories += 1;
    for (const [count, rowSum] of [
      [a, sumA],
      [b, sumB],
    ] as const) {
      const expected = (rowSum / sum) * (a + b);
      statistic += (count - expected) ** 2 / expected;
      if (expected < smallExpectation) smallExpected += 1;
      leastExpected = Math.min(leastExpected, expected);
    }
  }
  const freedom = categories - 1;
  const isApproximationSound = smallExpected <= (2 * categories) / 5 && leastExpected >= 1;
  const p = freedom === 0 ? 1 : chiSquareSurvival(statistic, freedom);
  return { statistic: freedom === 0 ? 0 : statistic, p, freedom, smallExpected, leastExpected, isApproximationSound };
}

function whole(count: number): number {
  if (Number.isSafeInteger(count)) return count;
  throw new StatisticsError('HF_STATISTICS_VALUES', `a count is a whole number, not \`${count}\``);
}
