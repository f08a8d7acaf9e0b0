import { sumOfShares } from '../counts.ts';

/**
 * The Jensen–Shannon distance: √(½ Σ p log₂(p / m) + ½ Σ q log₂(q / m)), m = (p + q) / 2. D. M. Endres and J. E. Schindelin, "A New
 * Metric for Probability Distributions" (2003); its square is the divergence of J. Lin (1991). As
 * `scipy.spatial.distance.jensenshannon(a, b, base=2)`.
 * @param countsA how often each category (or bin of fixed edges) is in the first sample: numbers of at least 0
 * @param countsB the same categories in the second sample
 * @returns from 0 (the same shares) to 1 (no category in common): the root of bits
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer
 * @example
 * ```ts
 * import { jensenShannon } from '@holdfast/statistics';
 * jensenShannon([50, 30, 20], [20, 30, 50]); // 0.31
 * ```
 */
export function jensenShannon(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  const part = (p: number, middle: number): number => (p === 0 ? 0 : p * Math.log(p / middle));
  const sum = sumOfShares(countsA, countsB, (p, q) => part(p, (p + q) / 2) + part(q, (p + q) / 2));
  return Math.min(1, Math.sqrt(Math.max(0, sum) / (2 * Math.LN2)));
}
