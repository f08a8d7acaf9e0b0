import { requireCounts } from '../counts.ts';
import { StatisticsError } from '../errors.ts';

export interface PopulationStabilityOptions {
  /** What an empty bin counts as, more than 0: half a value unless given. */
  readonly emptyAs?: number;
}

/**
 * The population stability index: Σ (p - q) ln(p / q) over the bins, the divergence of H. Jeffreys (1946), as N. Siddiqi uses it in
 * "Credit Risk Scorecards" (2006). A bin that one sample lacks has the share of half a value there (`emptyAs` / the sum of its row);
 * the other shares stay as they are, so that without empty bins nothing is smoothed. A bin that both lack counts for nothing.
 * @param countsA how often each bin (or category) is in the first sample: numbers of at least 0
 * @param countsB the same bins in the second sample
 * @returns 0 (the same shares) or more; below 0.1 is usually called stable, above 0.25 shifted
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, a row has zeros only, or one is longer;
 * HF_STATISTICS_ARGUMENT unless `emptyAs` is above 0
 * @example
 * ```ts
 * import { populationStability } from '@holdfast/statistics';
 * populationStability([50, 30, 20], [20, 30, 50]); // 0.55
 * ```
 */
export function populationStability(
  countsA: ArrayLike<number>,
  countsB: ArrayLike<number>,
  { emptyAs = 0.5 }: PopulationStabilityOptions = {},
): number {
  if (!(emptyAs > 0 && emptyAs < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError('HF_STATISTICS_ARGUMENT', `an empty bin counts as more than 0, not \`${emptyAs}\``);
  }
  const [sumA, sumB] = requireCounts(countsA, countsB);
  let index = 0;
  for (let bin = 0; bin < countsA.length; bin += 1) {
    const a = countsA[bin] ?? 0;
    const b = countsB[bin] ?? 0;
    if (a === 0 && b === 0) continue;
    const p = (a === 0 ? emptyAs : a) / sumA;
    const q = (b === 0 ? emptyAs : b) / sumB;
    index += (p - q) * Math.log(p / q);
  }
  return index;
}
