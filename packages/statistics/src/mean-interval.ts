import type { Interval } from './binomial-interval.ts';
import { requireFraction, StatisticsError } from './errors.ts';
import { studentTwoSided } from './student.ts';

/** The arithmetic mean. @throws StatisticsError HF_STATISTICS_VALUES if there is no value, or one is NaN */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new StatisticsError('HF_STATISTICS_VALUES', 'there are no values');
  let sum = 0;
  // The rounding errors of the sum, kept apart: A. Neumaier (1974).
  let lost = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  if (Number.isNaN(sum)) throw new StatisticsError('HF_STATISTICS_VALUES', 'one of the values is `NaN`');
  return (Number.isFinite(sum) ? sum + lost : sum) / values.length;
}

/**
 * The mean of values, and where the mean of what they are drawn from lies: Student's t. The values should be many, or normal.
 * @throws StatisticsError HF_STATISTICS_VALUES if there are fewer than two, or one is NaN or infinite; HF_STATISTICS_ARGUMENT
 * @example
 * ```ts
 * import { meanInterval } from '@holdfast/statistics';
 * meanInterval([1, 2, 3, 4], 0.95); // { mean: 2.5, low: 0.446, high: 4.554 }
 * ```
 */
export function meanInterval(values: ArrayLike<number>, confidence = 0.95): Interval & { readonly mean: number } {
  requireFraction('the confidence', confidence);
  const centre = mean(values);
  if (values.length < 2 || !Number.isFinite(centre)) {
    throw new StatisticsError('HF_STATISTICS_VALUES', 'an interval takes two values or more, all of them finite');
  }
  const squares = mean(Array.from(values, (value) => (value - centre) ** 2));
  const deviation = Math.sqrt(squares / (values.length - 1));
  const half = studentTwoSided(confidence, values.length - 1) * deviation;
  return { mean: centre, low: centre - half, high: centre + half };
}
