import type { Interval } from './binomial-interval.ts';
import { requireFraction, requireInteger, StatisticsError } from './errors.ts';
import { quantile } from './quantile.ts';
import { randomOf } from './random.ts';

export interface BootstrapOptions {
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** How often values are drawn again; 2,000 unless given. */
  readonly resamples?: number;
  readonly seed: string | number;
}

/**
 * Where a statistic of what the values are drawn from lies: the percentile interval of B. Efron, "Bootstrap Methods: Another Look at
 * the Jackknife" (1979). The same seed gives the same interval.
 * @param statistic what is worked out of each sample, for instance {@link median}; its argument is used again for the next
 * @throws StatisticsError HF_STATISTICS_VALUES if there are no values; HF_STATISTICS_ARGUMENT
 * @example
 * ```ts
 * import { bootstrapInterval, median } from '@holdfast/statistics';
 * bootstrapInterval([0.5, 0.25, 0.125, 1], median, { seed: 7 });
 * ```
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  { confidence = 0.95, resamples = 2000, seed }: BootstrapOptions,
): Interval {
  requireFraction('the confidence', confidence);
  requireInteger('the number of resamples', resamples, 2, 10_000_000);
  if (values.length === 0) throw new StatisticsError('HF_STATISTICS_VALUES', 'there are no values');
  const random = randomOf(seed).fork('bootstrap');
  const sample = new Float64Array(values.length);
  const found = new Float64Array(resamples);
  for (let round = 0; round < resamples; round += 1) {
    for (let index = 0; index < sample.length; index += 1) {
      sample[index] = values[random.integer(sample.length)] ?? Number.NaN;
    }
    found[round] = statistic(sample);
  }
  const outside = (1 - confidence) / 2;
  return { low: quantile(found, outside), high: quantile(found, 1 - outside) };
}
