import { sumOfShares } from '../counts.ts';

/**
 * The Kullback–Leibler divergence of the first row from the second: Σ p ln(p / q) over the categories. S. Kullback and R. A. Leibler,
 * "On Information and Sufficiency" (1951). Not symmetric. As `scipy.stats.entropy(a, b)`.
 * @param countsA how often each category (or bin of fixed edges) is in the first sample: numbers of at least 0
 * @param countsB the same categories in the second sample
 * @returns 0 or more, in nats; Infinity if the first row has a category that the second has not
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { kullbackLeibler } from '@holdfast/statistics';
 * kullbackLeibler([50, 30, 20], [20, 30, 50]); // 0.275
 * ```
 */
export function kullbackLeibler(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  return Math.max(
    0,
    sumOfShares(countsA, countsB, (p, q) => (p === 0 ? 0 : p * Math.log(p / q))),
  );
}
