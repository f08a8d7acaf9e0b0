import type { Cell, Dialect, TableColumn } from '@holdfast/dataset';
import { type Bin, type Bins, binOfRow, mergeBins } from './bins.ts';
import { cutsBetween } from './float-order.ts';
import type { Metric, Question } from './metric.ts';

/** A bin that holds wanted ranks, and how many values lie before it. */
export interface Interval extends Bin {
  readonly before: number;
  /** Wanted ranks within, from 0 over all values. */
  readonly ranks: readonly number[];
}

/** So many values are looked at one by one. */
const few = 4096;
const parts = 64;
/** 64 parts a round: 2⁶⁴ float64 are told apart in eleven rounds. */
export const rounds = 11;

/** Of bins in ascending order the ones that hold a rank. */
export function locate(bins: readonly Bin[], start: number, ranks: readonly number[]): Interval[] {
  const found: Interval[] = [];
  let before = start;
  for (const bin of bins) {
    const end = before + bin.count;
    const within = ranks.filter((rank) => rank >= before && rank < end);
    if (within.length > 0) found.push({ ...bin, before, ranks: within });
    before = end;
  }
  return found;
}

const isFull = ({ count, least, greatest }: Interval): boolean => least < greatest && count > few;

/** Cuts those intervals that are too full; asks nothing where none is. */
export function narrowed(
  column: TableColumn,
  intervals: Metric<readonly Interval[]>,
  name: string,
): Question<Bins, readonly Interval[]> {
  return {
    kind: 'question',
    key: `narrowed ${name}`,
    after: [intervals],
    sql(table, found) {
      const full = [...found.get(intervals).entries()].filter(([, interval]) => isFull(interval));
      if (full.length === 0) return undefined;
      const { dialect } = table.engine;
      const within = full.map(
        ([index, interval]) => `WHEN ${between(dialect, interval)} THEN ${part(dialect, index, interval)}`,
      );
      const values = `SELECT ${dialect.double(column.value)} AS v FROM ${table.relation}`;
      const where = full.map(([, interval]) => between(dialect, interval)).join(' OR ');
      const placed = `SELECT v, CASE ${within.join(' ')} END AS bin FROM (${values}) AS a WHERE ${where}`;
      return `SELECT bin, count(*), min(v), max(v) FROM (${placed}) AS b WHERE bin IS NOT NULL GROUP BY bin`;
    },
    read: (rows) => new Map(rows.map((row) => [Number(row[0]), binOfRow(row.slice(1))])),
    merge: mergeBins,
    value: (state, found) =>
      found.get(intervals).flatMap((interval, index) => {
        if (!isFull(interval)) return [interval];
        const inner = [...state].filter(([bin]) => Math.floor(bin / parts) === index).sort(([a], [b]) => a - b);
        return locate(
          inner.map(([, bin]) => bin),
          interval.before,
          interval.ranks,
        );
      }),
  };
}

const between = (dialect: Dialect, { least, greatest }: Bin): string =>
  `v BETWEEN ${dialect.double(dialect.literal(least))} AND ${dialect.double(dialect.literal(greatest))}`;

function part(dialect: Dialect, index: number, { least, greatest }: Bin): string {
  const step = (greatest - least) / parts;
  // Where float64 lie evenly, dividing tells the part at once. Rounding never puts a greater value into a lower part.
  const isEven = least > 0 ? greatest <= 2 * least : greatest < 0 && least >= 2 * greatest;
  if (isEven && step > Number.MIN_VALUE * 2 ** 60 && Number.isFinite(1 / step)) {
    const constant = (value: number): string => dialect.double(dialect.literal(value));
    const place = dialect.floor(`((v - ${constant(least)}) / ${constant(step)})`);
    return `${index * parts} + CASE WHEN ${place} < ${parts - 1} THEN ${place} ELSE ${parts - 1} END`;
  }
  const cuts = cutsBetween(least, greatest, parts);
  return halved(dialect, cuts, index * parts);
}

/** Halves of halves: a value is compared with six cuts, not with up to 63. */
function halved(dialect: Dialect, cuts: readonly number[], first: number): string {
  const middle = Math.floor(cuts.length / 2);
  const cut = cuts[middle];
  if (cut === undefined) return String(first);
  const [below, above] = [
    halved(dialect, cuts.slice(0, middle), first),
    halved(dialect, cuts.slice(middle + 1), first + middle + 1),
  ];
  return `CASE WHEN v < ${dialect.double(dialect.literal(cut))} THEN ${below} ELSE ${above} END`;
}

/** The values within intervals of several, with how often each is there. */
export function valuesWithin(
  column: TableColumn,
  intervals: Metric<readonly Interval[]>,
  name: string,
): Question<ReadonlyMap<number, number>, ReadonlyMap<number, number>> {
  return {
    kind: 'question',
    key: `values in bins of quantiles of ${name}`,
    after: [intervals],
    sql(table, found) {
      const { dialect } = table.engine;
      const open = found.get(intervals).filter(({ least, greatest }) => least < greatest);
      if (open.length === 0) return undefined;
      const values = `SELECT ${dialect.double(column.value)} AS v FROM ${table.relation}`;
      const where = open.map((interval) => between(dialect, interval)).join(' OR ');
      return `SELECT v, count(*) FROM (${values}) AS a WHERE ${where} GROUP BY v`;
    },
    read: (rows: readonly (readonly Cell[])[]) => new Map(rows.map(([value, count]) => [Number(value), Number(count)])),
    merge(one, other) {
      const all = new Map(one);
      for (const [value, count] of other) all.set(value, (all.get(value) ?? 0) + count);
      return all;
    },
    value: (state) => state,
  };
}

/** The value of a wanted rank. */
export function atRest(intervals: readonly Interval[], values: ReadonlyMap<number, number>): (rank: number) => number {
  const sorted = [...values].sort(([one], [other]) => one - other);
  return (rank) => {
    const interval = intervals.find(({ before, count }) => rank >= before && rank < before + count);
    if (interval === undefined) throw new Error(`rank ${rank} was not looked for`);
    let before = interval.before;
    for (const [value, count] of sorted) {
      if (value < interval.least || value > interval.greatest) continue;
      before += count;
      if (rank < before) return value;
    }
    return interval.least;
  };
}
