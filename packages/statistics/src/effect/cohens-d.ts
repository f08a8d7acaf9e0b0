import { StatisticsError } from '../errors.ts';
import { mean } from '../mean-interval.ts';

/**
 * Cohen's d: the mean of the first sample less that of the second, in standard deviations of both, √(((n - 1) s₁² + (m - 1) s₂²) /
 * (n + m - 2)). J. Cohen (1988), equation 2.5.1.
 * @param a at least two values, of any unit
 * @param b as `a`, of the same unit
 * @returns in standard deviations; 0 if all values are equal, ±Infinity if only the samples differ
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or they are NaN, infinite or too large to square
 * @example
 * ```ts
 * import { cohensD } from '@holdfast/statistics';
 * cohensD([1, 2, 3, 4], [3, 4, 5, 6]); // -1.55
 * ```
 */
export function cohensD(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, squaresA] = moments(a);
  const [meanB, squaresB] = moments(b);
  return standardised(meanA - meanB, (squaresA + squaresB) / (a.length + b.length - 2));
}

/**
 * The standardised mean difference: the mean of the first sample less that of the second, in √((s₁² + s₂²) / 2): unlike Cohen's d it does
 * not depend on the sizes of the samples. P. C. Austin, "Balance Diagnostics for Comparing the Distribution of Baseline Covariates"
 * (2009), who calls more than 0.1 an imbalance.
 * @param a at least two values, of any unit
 * @param b as `a`, of the same unit
 * @returns in standard deviations; 0 if all values are equal, ±Infinity if only the samples differ
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or they are NaN, infinite or too large to square
 * @example
 * ```ts
 * import { standardisedMeanDifference } from '@holdfast/statistics';
 * standardisedMeanDifference([1, 2, 3, 4], [3, 4, 5, 6]); // -1.55
 * ```
 */
export function standardisedMeanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, squaresA] = moments(a);
  const [meanB, squaresB] = moments(b);
  return standardised(meanA - meanB, (squaresA / (a.length - 1) + squaresB / (b.length - 1)) / 2);
}

/** The mean, and the sum of the squares of what the values differ from it. */
function moments(values: ArrayLike<number>): readonly [mean: number, squares: number] {
  if (values.length < 2)
    throw new StatisticsError('HF_STATISTICS_VALUES', 'a standard deviation takes two values or more');
  // The mean of equal values may be off by its last bit, and a deviation of nothing but that would make any difference infinite.
  const isConstant = Array.prototype.every.call(values, (value: number) => value === values[0]);
  const centre = isConstant ? (values[0] ?? Number.NaN) : mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += ((values[index] ?? 0) - centre) ** 2;
  if (!Number.isFinite(squares)) {
    throw new StatisticsError('HF_STATISTICS_VALUES', 'the values are infinite, or too large to square');
  }
  return [centre, squares];
}

function standardised(difference: number, variance: number): number {
  return difference === 0 ? 0 : difference / Math.sqrt(variance);
}
