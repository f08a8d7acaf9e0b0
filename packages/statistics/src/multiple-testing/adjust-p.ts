import { StatisticsError } from '../errors.ts';

/**
 * `bonferroni` (C. E. Bonferroni, 1936) and `holm` (S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979) bound the
 * chance of one false alarm or more, whatever the tests have to do with each other; Holm's is never larger.
 * `benjamini-hochberg` (Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", 1995) bounds the part of alarms that is
 * false, for tests that are independent or go the same way; `benjamini-yekutieli` (Y. Benjamini and D. Yekutieli, 2001) for all.
 */
export type AdjustmentMethod = 'bonferroni' | 'holm' | 'benjamini-hochberg' | 'benjamini-yekutieli';

/**
 * The p-values of several tests, made larger so that each can be compared with the one bound that shall hold for all of them.
 * @param ps chances from 0 to 1, at least one
 * @returns chances from 0 to 1, in the order that they were given in
 * @throws StatisticsError HF_STATISTICS_VALUES if there are none, or one is NaN or not from 0 to 1; HF_STATISTICS_ARGUMENT if there is
 * no such method
 * @example
 * ```ts
 * import { adjustP } from '@holdfast/statistics';
 * adjustP('holm', [0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 * ```
 */
export function adjustP(method: AdjustmentMethod, ps: ArrayLike<number>): Float64Array {
  const chances = new Float64Array(ps);
  if (chances.length === 0) throw new StatisticsError('HF_STATISTICS_VALUES', 'there are no p-values');
  for (const p of chances) {
    if (!(p >= 0 && p <= 1))
      throw new StatisticsError('HF_STATISTICS_VALUES', `a p-value is from 0 to 1, not \`${p}\``);
  }
  switch (method) {
    case 'bonferroni':
      return chances.map((p) => Math.min(1, p * chances.length));
    case 'holm':
      return holm(chances);
    case 'benjamini-hochberg':
      return falseDiscovery(chances, 1);
    case 'benjamini-yekutieli':
      return falseDiscovery(chances, harmonic(chances.length));
    default:
      throw new StatisticsError('HF_STATISTICS_ARGUMENT', `there is no adjustment \`${String(method)}\``);
  }
}

/** The places of the chances, from the smallest to the largest. */
function ascending(chances: Float64Array): Uint32Array {
  return Uint32Array.from(chances.keys()).sort((left, right) => (chances[left] ?? 0) - (chances[right] ?? 0));
}

/** The k-th smallest times what is left with it, and no smaller than those before. */
function holm(chances: Float64Array): Float64Array {
  const adjusted = new Float64Array(chances.length);
  let largest = 0;
  ascending(chances).forEach((at, before) => {
    largest = Math.max(largest, Math.min(1, (chances[at] ?? 0) * (chances.length - before)));
    adjusted[at] = largest;
  });
  return adjusted;
}

/** The k-th smallest times `factor` m / k, and no larger than those after. */
function falseDiscovery(chances: Float64Array, factor: number): Float64Array {
  const adjusted = new Float64Array(chances.length);
  const order = ascending(chances);
  let smallest = 1;
  for (let rank = order.length; rank > 0; rank -= 1) {
    const at = order[rank - 1] ?? 0;
    smallest = Math.min(smallest, ((chances[at] ?? 0) * chances.length * factor) / rank);
    adjusted[at] = smallest;
  }
  return adjusted;
}

function harmonic(count: number): number {
  let sum = 0;
  for (let i = count; i > 0; i -= 1) sum += 1 / i;
  return sum;
}
