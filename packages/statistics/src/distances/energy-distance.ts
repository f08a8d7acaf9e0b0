import { distributionGap } from './distribution-gap.ts';

/**
 * The energy distance: √(2 E|X - Y| - E|X - X'| - E|Y - Y'|), which is √(2 ∫ (F(x) - G(x))² dx), F and G the parts of the samples at
 * or below x. G. J. Székely, "E-Statistics: The Energy of Statistical Samples" (2002). As `scipy.stats.energy_distance`.
 * @param a at least one value; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @returns 0 or more, in the square root of the unit of the values
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, a value is NaN or infinite, or they are beyond float64 apart
 * @example
 * ```ts
 * import { energyDistance } from '@holdfast/statistics';
 * energyDistance([0], [2]); // 2
 * ```
 */
export function energyDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.sqrt(2 * distributionGap(a, b, (distance) => distance * distance));
}
