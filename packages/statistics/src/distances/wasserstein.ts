import { distributionGap } from './distribution-gap.ts';

/**
 * The Wasserstein-1 distance, or earth mover's distance: how far the values of one sample have to be moved, on average, to become the
 * other. ∫ |F(x) - G(x)| dx, F and G the parts of the samples at or below x: S. S. Vallender, "Calculation of the Wasserstein Distance
 * Between Probability Distributions on the Line" (1974). As `scipy.stats.wasserstein_distance`.
 * @param a at least one value; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @returns 0 or more, in the unit of the values
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, a value is NaN or infinite, or they are beyond float64 apart
 * @example
 * ```ts
 * import { wasserstein } from '@holdfast/statistics';
 * wasserstein([0, 1, 3], [5, 6, 8]); // 5
 * ```
 */
export function wasserstein(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return distributionGap(a, b, (distance) => distance);
}
