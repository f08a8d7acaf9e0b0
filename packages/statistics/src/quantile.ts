import { StatisticsError } from './errors.ts';

/**
 * The value below which this part of the values lies, type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages"
 * (1996): what NumPy and R do unless told otherwise. Infinite values have their rank.
 * @param probability from 0, the least, to 1, the greatest
 * @throws StatisticsError HF_STATISTICS_VALUES if there are none or one is NaN; HF_STATISTICS_ARGUMENT
 * @example
 * ```ts
 * import { quantile } from '@holdfast/statistics';
 * quantile([4, 1, 3, 2], 0.25); // 1.75
 * ```
 */
export function quantile(values: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new StatisticsError('HF_STATISTICS_ARGUMENT', `a probability is from 0 to 1, not \`${probability}\``);
  }
  const sorted = Float64Array.from(values).sort();
  // NaN is sorted to the end.
  if (sorted.length === 0) throw new StatisticsError('HF_STATISTICS_VALUES', 'there are no values');
  if (Number.isNaN(sorted.at(-1))) throw new StatisticsError('HF_STATISTICS_VALUES', 'one of the values is `NaN`');
  return quantileOfSorted(sorted, probability);
}

/** The same of values in ascending order, at least one and none NaN, without a copy. */
export function quantileOfSorted(sorted: Float64Array, probability: number): number {
  const rank = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? 0;
  // Between infinity and itself there is nothing to add.
  return below === above ? below : below + (rank - Math.floor(rank)) * (above - below);
}

/** The value in the middle: {@link quantile} at one half. @throws StatisticsError HF_STATISTICS_VALUES */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
