import { requireCounts } from '../counts.ts';

/**
 * The L∞ distance, of P. L. Chebyshev: the largest |p - q| over the categories; the one that changed most.
 * @param countsA how often each category (or bin of fixed edges) is in the first sample: numbers of at least 0
 * @param countsB the same categories in the second sample
 * @returns from 0 (the same shares) to 1 (all in one category, and all in another)
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { chebyshev } from '@holdfast/statistics';
 * chebyshev([50, 30, 20], [20, 30, 50]); // 0.3
 * ```
 */
export function chebyshev(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  const [sumA, sumB] = requireCounts(countsA, countsB);
  let largest = 0;
  for (let index = 0; index < countsA.length; index += 1) {
    largest = Math.max(largest, Math.abs((countsA[index] ?? 0) / sumA - (countsB[index] ?? 0) / sumB));
  }
  return largest;
}
