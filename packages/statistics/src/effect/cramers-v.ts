import { chiSquare } from '../tests/chi-square.ts';

/**
 * Cramér's V of a table of two rows: √(χ² / N), N the sum of all counts. H. Cramér, "Mathematical Methods of Statistics" (1946), section
 * 21.9. As `scipy.stats.contingency.association(…, "cramer")`.
 * @param countsA how often each category is in the first sample: whole numbers
 * @param countsB the same categories in the second sample
 * @returns from 0 (the same shares) to 1 (no category in common)
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is no whole number of at least 0, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { cramersV } from '@holdfast/statistics';
 * cramersV([30, 50, 20], [45, 40, 15]); // 0.155
 * ```
 */
export function cramersV(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  const { statistic } = chiSquare(countsA, countsB);
  let sum = 0;
  for (let index = 0; index < countsA.length; index += 1) sum += (countsA[index] ?? 0) + (countsB[index] ?? 0);
  return Math.min(1, Math.sqrt(statistic / sum));
}
