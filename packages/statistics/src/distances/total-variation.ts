import { sumOfShares } from '../counts.ts';

/**
 * The total variation distance: half of Σ |p - q| over the categories, the most by which the chances of any set of them differ.
 * @param countsA how often each category (or bin of fixed edges) is in the first sample: numbers of at least 0
 * @param countsB the same categories in the second sample
 * @returns from 0 (the same shares) to 1 (no category in common)
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { totalVariation } from '@holdfast/statistics';
 * totalVariation([50, 30, 20], [20, 30, 50]); // 0.3
 * ```
 */
export function totalVariation(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  return Math.min(1, sumOfShares(countsA, countsB, (p, q) => Math.abs(p - q)) / 2);
}
