import { sumOfShares } from '../counts.ts';

/**
 * The Hellinger distance: √(½ Σ (√p - √q)²) over the categories. E. Hellinger (1909), in the form of S. Kakutani (1948).
 * @param countsA how often each category (or bin of fixed edges) is in the first sample: numbers of at least 0
 * @param countsB the same categories in the second sample
 * @returns from 0 (the same shares) to 1 (no category in common)
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { hellinger } from '@holdfast/statistics';
 * hellinger([50, 30, 20], [20, 30, 50]); // 0.26
 * ```
 */
export function hellinger(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  return Math.min(1, Math.sqrt(sumOfShares(countsA, countsB, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2) / 2));
}
