import type { Table, TableColumn } from '@holdfast/dataset';
import { atRanks, ranksOf } from './at-ranks.ts';
import { bins } from './bins.ts';
import { present } from './count.ts';
import type { Derived, Metric } from './metric.ts';
import { atRest, type Interval, locate, narrowed, rounds, valuesWithin } from './narrowing.ts';

/**
 * Exact quantiles of a column of numbers, type 7 of Hyndman and Fan, which is NumPy's default, bit for bit. Where the engine can
 * hold the values it is asked for those at the wanted ranks; else counts in bins say where the ranks lie, the bins that hold them
 * are cut again while they are too full, and at last the values in them are asked for: memory is bounded, however many they are.
 * @param probabilities from 0 to 1
 * @param tables the parts of the table
 * @returns one for each probability; nothing of no values
 */
export function quantiles(
  column: TableColumn,
  probabilities: readonly number[],
  tables: readonly Table[],
  interpolation: Interpolation = 'linear',
): Derived<readonly number[] | undefined> {
  const isHeld =
    probabilities.length <= mostSought && tables.length === 1 && tables.every(({ rows }) => rows <= mostHeld);
  return isHeld
    ? heldQuantiles(column, probabilities, interpolation)
    : narrowedQuantiles(column, probabilities, interpolation);
}

/** Values that an engine is made to hold: 32 MB. */
const mostHeld = 4_000_000;
/** Quantiles for each of which the engine goes through them again. */
const mostSought = 4;

/** Exact quantiles of a table of one part whose values the engine can hold, as {@link quantiles}. */
export function heldQuantiles(
  column: TableColumn,
  probabilities: readonly number[],
  interpolation: Interpolation = 'linear',
): Derived<readonly number[] | undefined> {
  const [count, values] = [present(column), atRanks(column, probabilities)];
  return {
    kind: 'derived',
    key: `quantiles of ${column.value} at ${probabilities.join(' ')} ${interpolation}`,
    after: [count, values],
    value(found) {
      const [total, valueOf] = [found.get(count), found.get(values)];
      if (total === 0) return undefined;
      const valueAt = (rank: number): number => {
        const value = valueOf.get(rank);
        if (value === undefined) throw new Error(`rank ${rank} was not looked for`);
        return value;
      };
      return probabilities.map((probability) => interpolations[interpolation](total, probability, valueAt));
    },
  };
}

/** Exact quantiles of a table of any size and of any number of parts, as {@link quantiles}. */
export function narrowedQuantiles(
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

/** As `numpy.lib._function_base_impl._lerp` rounds: from the nearer end. */
function interpolated(count: number, probability: number, valueAt: (rank: number) => number): number {
  const rank = (count - 1) * probability;
  const [below, above] = [valueAt(Math.floor(rank)), valueAt(Math.ceil(rank))];
  const part = rank - Math.floor(rank);
  const difference = above - below;
  if (below === above) return below;
  return part >= 0.5 ? above - difference * (1 - part) : below + difference * part;
}
