import { mannWhitney } from '../tests/mann-whitney.ts';

/**
 * Cliff's δ: the chance that a value of the first sample is above one of the second, less the chance that it is below; 2U / nm - 1 of
 * {@link mannWhitney}, whose `commonLanguage` c gives it as 2c - 1. N. Cliff, "Dominance Statistics: Ordinal Analyses to Answer Ordinal
 * Questions" (1993).
 * @param a at least one value, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @returns from -1 (all of `a` are below all of `b`) to 1
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, or a value is NaN or infinite
 * @example
 * ```ts
 * import { cliffsDelta } from '@holdfast/statistics';
 * cliffsDelta([19, 22, 16, 29, 24], [20, 11, 17, 12]); // 0.7
 * ```
 */
export function cliffsDelta(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return 2 * mannWhitney(a, b).commonLanguage - 1;
}
