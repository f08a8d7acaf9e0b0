import { StatisticsError } from '../errors.ts';
import { mean } from '../mean-interval.ts';

/**
 * Cohen's d: the mean of the first sample less that of the second, in standard deviations of both, √(((n - 1) s₁² + (m - 1) s₂²) /
 * (n + m - 2)). J. Cohen (1988), equation 2.5.1.
 * @param a at least two values, of any unit
 * @param b as `a`, of the same unit
 * @returns in standard deviations; 0 if all values are equal, ±Infinity if only the samples differ
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or they are NaN, infinite or beyond float64 apart
 * @example
 * ```ts
 * import { cohensD } from '@holdfast/statistics';
 * cohensD([1, 2, 3, 4], [3, 4, 5, 6]); // -1.55
 * ```
 */
export function cohensD(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { difference, scale, squaresA, squaresB } = deviations(a, b);
  return standardised(difference / scale, (squaresA + squaresB) / (a.length + b.length - 2));
}

/**
 * The standardised mean difference: the mean of the first sample less that of the second, in √((s₁² + s₂²) / 2): unlike Cohen's d it does
 * not depend on the sizes of the samples. P. C. Austin, "Balance Diagnostics for Comparing the Distribution of Baseline Covariates"
 * (2009), who calls more than 0.1 an imbalance.
 * @param a at least two values, of any unit
 * @param b as `a`, of the same unit
 * @returns in standard deviations; 0 if all values are equal, ±Infinity if only the samples differ
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, or they are NaN, infinite or beyond float64 apart
 * @example
 * ```ts
 * import { standardisedMeanDifference } from '@holdfast/statistics';
 * standardisedMeanDifference([1, 2, 3, 4], [3, 4, 5, 6]); // -1.55
 * ```
 */
export function standardisedMeanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { difference, scale, squaresA, squaresB } = deviations(a, b);
  return standardised(difference / scale, (squaresA / (a.length - 1) + squaresB / (b.length - 1)) / 2);
}

interface Deviations {
  readonly difference: number;
  /** The largest deviation of a value from the mean of its sample, or 1: squares are of its parts, neither too large nor too small. */
  readonly scale: number;
  readonly squaresA: number;
  readonly squaresB: number;
}

function deviations(a: ArrayLike<number>, b: ArrayLike<number>): Deviations {
  const meanA = centreOf(a);
  const meanB = centreOf(b);
  const difference = meanA - meanB;
  const scale = Math.max(largestDeviation(a, meanA), largestDeviation(b, meanB)) || 1;
  if (!Number.isFinite(difference) || !Number.isFinite(scale)) {
    throw new StatisticsError('HF_STATISTICS_VALUES', 'the values are infinite, or too far apart');
  }
  return { difference, scale, squaresA: squares(a, meanA, scale), squaresB: squares(b, meanB, scale) };
}

function centreOf(values: ArrayLike<number>): number {
  if (values.length < 2)
    throw new StatisticsError('HF_STATISTICS_VALUES', 'a standard deviation takes two values or more');
  // The mean of equal values may be off by its last bit, and a deviation of nothing but that would make any difference infinite.
  const isConstant = Array.prototype.every.call(values, (value: number) => value === values[0]);
  return isConstant ? (values[0] ?? Number.NaN) : mean(values);
}

function largestDeviation(values: ArrayLike<number>, centre: number): number {
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    largest = Math.max(largest, Math.abs((values[index] ?? 0) - centre));
  }
  return largest;
}

function squares(values: ArrayLike<number>, centre: number, scale: number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (((values[index] ?? 0) - centre) / scale) ** 2;
  return sum;
}

function standardised(difference: number, variance: number): number {
  return difference === 0 ? 0 : difference / Math.sqrt(variance);
}
