import { requireFraction, StatisticsError } from '../errors.ts';

/**
 * The threshold that a new score is above with a chance of at most `alpha`, where it and the held-out scores are exchangeable, whatever
 * their distribution: the ⌈(1 − α)(n + 1)⌉-th smallest. V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World" (2005),
 * proposition 2.3; A. N. Angelopoulos, S. Bates, "A Gentle Introduction to Conformal Prediction" (2021), section 1.
 * @param scores of rows that nothing else was fitted to
 * @throws StatisticsError HF_STATISTICS_VALUES where there are fewer than 1/α − 1, or one is NaN
 * @example
 * ```ts
 * import { conformalThreshold } from '@holdfast/statistics';
 * conformalThreshold([5, 1, 4, 2, 3, 8, 6, 7, 9], 0.1); // 9
 * ```
 */
export function conformalThreshold(scores: ArrayLike<number>, alpha: number): number {
  requireFraction('the rate of false alarms', alpha);
  const sorted = Float64Array.from(scores).sort();
  if (Number.isNaN(sorted.at(-1))) throw new StatisticsError('HF_STATISTICS_VALUES', 'one of the scores is `NaN`');
  const rank = conformalRank(sorted.length, alpha);
  if (rank > sorted.length) {
    const least = Math.ceil(1 / alpha - 1 - 1e-9);
    throw new StatisticsError('HF_STATISTICS_VALUES', `\`${sorted.length}\` scores are too few: it takes ${least}`);
  }
  return sorted[rank - 1] as number;
}

/** ⌈(1 − α)(n + 1)⌉, going by α as it is meant: 0.1 of 10 is 1. */
export function conformalRank(count: number, alpha: number): number {
  return count + 1 - Math.floor(alpha * (count + 1) * (1 + 1e-12));
}
