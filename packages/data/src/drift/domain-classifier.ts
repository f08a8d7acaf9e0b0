import { randomOf } from '@holdfast/statistics';
import { normalQuantile } from '@holdfast/statistics/normal';
import { normalSurvival } from '@holdfast/statistics/special/survival';
import { type BinnedRows, binnedRows } from './binned-features.ts';
import { boostedTrees } from './boosted-trees.ts';
import type { SampledRows } from './sampled-rows.ts';

/** Rows of each table that it learns from and is asked about. */
export const classifierRows = 2000;
/** Fewer of one table cannot be dealt into folds. */
export const leastRows = 30;
const folds = 2;
/** Columns that are named. */
const named = 3;

/** How well rows of the current table are told from those of the reference. */
export interface DomainClassifier {
  /** The chance that a current row scores above one of the reference: 0.5 where they cannot be told apart, 1 where always. */
  readonly auc: number;
  readonly interval: { readonly low: number; readonly high: number };
  /** One-sided: the chance of so large an area where there is no difference. */
  readonly p: number;
  /** Columns that help most, the most helpful first, with their part of all help. */
  readonly by: readonly { readonly name: string; readonly share: number }[];
}

/**
 * Learns to tell the rows of two tables apart and is asked about rows that it has not seen: D. Lopez-Paz and M. Oquab, "Revisiting
 * Classifier Two-Sample Tests" (2017). Each half is judged by what was learnt from the other; the area under the
 * curve is the mean of both, its interval by E. R. DeLong et al. (1988). Nothing where one table has fewer than 30 rows.
 * @param confidence of the interval, such as 0.95
 */
export function domainClassifier(
  current: SampledRows,
  reference: SampledRows,
  { seed, confidence }: { readonly seed: number; readonly confidence: number },
): DomainClassifier | undefined {
  if (Math.min(current.rows, reference.rows) < leastRows) return undefined;
  const rows = binnedRows(current, reference);
  const all = rows.current + rows.reference;
  const isCurrent = Uint8Array.from({ length: all }, (_, row) => Number(row < rows.current));
  const fold = foldsOf(rows, seed);
  const gains = new Float64Array(rows.columns.length);
  const areas = Array.from({ length: folds }, (_, held) => {
    const places = Uint32Array.from({ length: all }, (__, row) => row);
    const model = boostedTrees(
      rows.columns,
      places.filter((row) => fold[row] !== held),
      isCurrent,
    );
    for (const [column, gain] of model.gains.entries()) gains[column] = (gains[column] ?? 0) + gain;
    const scores = (wanted: number): Float64Array =>
      Float64Array.from(
        places.filter((row) => fold[row] === held && isCurrent[row] === wanted),
        (row) => model.score(row),
      );
    return area(scores(1), scores(0));
  });
  return { ...together(areas, confidence), by: helpful(rows.names, gains) };
}

/**
 * What is learnt from one half is asked about the other, so that the two areas depend on each other: the deviation of their mean is
 * taken for that of one of them, which is the most that it can be. (With that of independent ones 12 of 100 null runs were below 0.05.)
 */
function together(areas: readonly Area[], confidence: number): Omit<DomainClassifier, 'by'> {
  const mean = (of: (each: Area) => number): number => areas.reduce((sum, each) => sum + of(each), 0) / areas.length;
  const auc = mean(({ value }) => value);
  const deviation = mean(({ variance }) => Math.sqrt(variance));
  const chance = mean(({ nullVariance }) => Math.sqrt(nullVariance));
  const reach = normalQuantile(0.5 + confidence / 2) * deviation;
  return {
    auc,
    interval: { low: Math.max(0, auc - reach), high: Math.min(1, auc + reach) },
    p: chance > 0 ? normalSurvival((auc - 0.5) / chance) : 1,
  };
}

/** Each fold has as many rows of each table as the others, but for one. */
function foldsOf({ current, reference }: BinnedRows, seed: number): Uint8Array {
  const random = randomOf(seed).fork('folds of the domain classifier');
  const dealt = (count: number, name: string): Uint8Array =>
    random.fork(name).shuffle(Uint8Array.from({ length: count }, (_, row) => row % folds));
  return Uint8Array.of(...dealt(current, 'current'), ...dealt(reference, 'reference'));
}

interface Area {
  readonly value: number;
  /** As DeLong estimates it. */
  readonly variance: number;
  /** Where there is no difference, ties taken into account: that of U / nm. */
  readonly nullVariance: number;
}

/** The chance that a score of the first sample is above one of the second, ties half. */
export function area(one: Float64Array, other: Float64Array): Area {
  const [a, b] = [one.toSorted(), other.toSorted()];
  const [above, below] = [a.map((value) => placed(b, value)), b.map((value) => 1 - placed(a, value))];
  const value = above.reduce((sum, each) => sum + each, 0) / a.length;
  const spread = (parts: Float64Array): number =>
    parts.reduce((sum, part) => sum + (part - value) ** 2, 0) / Math.max(1, parts.length - 1) / parts.length;
  const all = a.length + b.length;
  const scores = Float64Array.of(...a, ...b).sort();
  let ties = 0;
  for (let begin = 0; begin < all; ) {
    let end = begin;
    while (end < all && scores[end] === scores[begin]) end += 1;
    ties += (end - begin) ** 3 - (end - begin);
    begin = end;
  }
  const nullVariance = (all + 1 - ties / (all * (all - 1))) / (12 * a.length * b.length);
  return { value, variance: spread(above) + spread(below), nullVariance };
}

/** The part of the sorted scores that is below a score, those equal to it half. */
function placed(sorted: Float64Array, score: number): number {
  let [below, upTo] = [0, sorted.length];
  while (below < upTo) {
    const middle = (below + upTo) >>> 1;
    if ((sorted[middle] ?? 0) < score) below = middle + 1;
    else upTo = middle;
  }
  let end = below;
  while (end < sorted.length && sorted[end] === score) end += 1;
  return (below + end) / 2 / sorted.length;
}

function helpful(names: readonly string[], gains: Float64Array): DomainClassifier['by'] {
  const all = gains.reduce((sum, gain) => sum + gain, 0);
  return names
    .map((name, at) => ({ name, share: all > 0 ? (gains[at] ?? 0) / all : 0 }))
    .filter(({ share }) => share > 0)
    .sort((one, other) => other.share - one.share)
    .slice(0, named);
}
