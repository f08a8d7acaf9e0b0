import type { TableColumn } from '@holdfast/dataset';
import { bins } from './bins.ts';
import { present } from './count.ts';
import type { Derived, Metric } from './metric.ts';
import { atRest, type Interval, locate, narrowed, rounds, valuesWithin } from './narrowing.ts';

/**
 * Exact quantiles of a column of finite numbers, type 7 of Hyndman and Fan, which is NumPy's default, bit for bit: counts in
 * bins say where the wanted ranks lie, the bins that hold them are cut again while they are too full, and at last the values
 * in them are asked for. Memory is bounded, however many values there are.
 * @param probabilities from 0 to 1
 * @returns one for each probability; nothing of no values
 */
export function quantiles(
  column: TableColumn,
  probabilities: readonly number[],
  interpolation: Interpolation = 'linear',
): Derived<readonly number[] | undefined> {
  const name = `${column.value} at ${probabilities.join(' ')} ${interpolation}`;
  const [count, fine] = [present(column), bins(column)];
  const located: Derived<readonly Interval[]> = {
    kind: 'derived',
    key: `bins of quantiles of ${name}`,
    after: [count, fine],
    value: (found) =>
      locate(
        [...found.get(fine)].sort(([one], [other]) => one - other).map(([, bin]) => bin),
        0,
        ranksOf(found.get(count), probabilities),
      ),
  };
  let intervals: Metric<readonly Interval[]> = located;
  for (let round = 0; round < rounds; round += 1) intervals = narrowed(column, intervals, `${round} ${name}`);
  const values = valuesWithin(column, intervals, name);
  return {
    kind: 'derived',
    key: `quantiles of ${name}`,
    after: [count, intervals, values],
    value(found) {
      const total = found.get(count);
      if (total === 0) return undefined;
      const valueAt = atRest(found.get(intervals), found.get(values));
      return probabilities.map((probability) => interpolations[interpolation](total, probability, valueAt));
    },
  };
}

/** What a quantile between two values is; the names are those of NumPy. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';

type Interpolate = (count: number, probability: number, valueAt: (rank: number) => number) => number;

const interpolations: Readonly<Record<Interpolation, Interpolate>> = {
  linear: interpolated,
  lower: (count, probability, valueAt) => valueAt(Math.floor((count - 1) * probability)),
  higher: (count, probability, valueAt) => valueAt(Math.ceil((count - 1) * probability)),
  midpoint(count, probability, valueAt) {
    const rank = (count - 1) * probability;
    return (valueAt(Math.floor(rank)) + valueAt(Math.ceil(rank))) / 2;
  },
  nearest(count, probability, valueAt) {
    const rank = (count - 1) * probability;
    const [below, part] = [Math.floor(rank), rank - Math.floor(rank)];
    // Half way goes to the even rank.
    return valueAt(part < 0.5 || (part === 0.5 && below % 2 === 0) ? below : below + 1);
  },
};

function ranksOf(count: number, probabilities: readonly number[]): number[] {
  if (count === 0) return [];
  const ranks = probabilities.map((probability) => (count - 1) * probability);
  const all = new Set(ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]));
  return [...all].sort((one, other) => one - other);
}

/** As `numpy.lib._function_base_impl._lerp` rounds: from the nearer end. */
function interpolated(count: number, probability: number, valueAt: (rank: number) => number): number {
  const rank = (count - 1) * probability;
  const [below, above] = [valueAt(Math.floor(rank)), valueAt(Math.ceil(rank))];
  const part = rank - Math.floor(rank);
  const difference = above - below;
  if (below === above) return below;
  return part >= 0.5 ? above - difference * (1 - part) : below + difference * part;
}
