import type { Dialect, Table, TableColumn } from '@holdfast/dataset';
import { type Extremes, extremes } from './extremes.ts';
import type { Question } from './metric.ts';

/** How many bins lie between the least and the greatest value. Fewer and wider ones come from adding neighbours up. */
export const binCount = 1024;

/** The values between two edges: how many, and the outermost of them. */
export interface Bin {
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
}

/** Bins by number, those without values left out. */
export type Bins = ReadonlyMap<number, Bin>;

/** The edges of equal bins between two ends: edge k is `from` + k · `step`, in float64. */
export interface Edges {
  readonly from: number;
  readonly step: number;
}

/** The edges of {@link binCount} bins; nothing where float64 cannot tell them apart, or their ends are the same. */
export function edgesOf(range: Extremes | undefined): Edges | undefined {
  if (range === undefined) return undefined;
  const step = (range.greatest - range.least) / binCount;
  const isUsable = Number.isFinite(step) && step > 0 && Number.isFinite(1 / step);
  return isUsable ? { from: range.least, step } : undefined;
}

/**
 * Counts a column of finite numbers in {@link binCount} bins with fixed edges: edge k ≤ value < edge k + 1, and the last bin
 * has both its edges. Without edges ({@link edgesOf}) everything is in bin 0.
 */
export function bins(column: TableColumn): Question<Bins, Bins> {
  const range = extremes(column);
  return {
    kind: 'question',
    key: `bins of ${column.value}`,
    after: [range],
    sql(table, found) {
      const { dialect } = table.engine;
      const ends = found.get(range);
      if (ends === undefined) return undefined;
      const edges = edgesOf(ends);
      const number = edges === undefined ? '0' : binOf(edges, dialect);
      const isFew = column.type === 'integer' && ends.greatest - ends.least < fewWhole;
      const values = isFew
        ? grouped(column, table)
        : `SELECT ${dialect.double(column.value)} AS v FROM ${table.relation}`;
      const [n, count] = isFew ? [', n', 'sum(n)'] : ['', 'count(*)'];
      const k = edges === undefined ? '0' : guess(edges, dialect);
      const placed = `SELECT v${n}, ${k} AS k FROM (${values}) AS a WHERE v IS NOT NULL`;
      return `SELECT bin, ${count}, min(v), max(v) FROM (SELECT v${n}, ${number} AS bin FROM (${placed}) AS b) AS c GROUP BY bin`;
    },
    read: (rows) => new Map(rows.map((row) => [Number(row[0]), binOfRow(row.slice(1))])),
    merge: mergeBins,
    value: (state) => state,
  };
}

/** Whole numbers so close together are counted each before their bins are worked out, once each. */
const fewWhole = 2 ** 17;

const grouped = (column: TableColumn, { engine: { dialect }, relation }: Table): string =>
  `SELECT ${dialect.double('w')} AS v, n FROM (SELECT ${column.value} AS w, count(*) AS n FROM ${relation} GROUP BY ${column.value}) AS g`;

/** Which bin it is but for rounding. */
const guess = ({ from, step }: Edges, dialect: Dialect): string =>
  dialect.floor(`((v - ${constant(dialect, from)}) / ${constant(dialect, step)})`);

const constant = (dialect: Dialect, value: number): string => dialect.double(dialect.literal(value));

/** Compares with the edges themselves, so that rounding in the division has no say. */
function binOf({ from, step }: Edges, dialect: Dialect): string {
  const edge = (k: string): string =>
    `(${constant(dialect, from)} + ${dialect.double(k)} * ${constant(dialect, step)})`;
  const last = String(binCount - 1);
  return `CASE WHEN k > ${last} THEN ${last} WHEN v < ${edge('k')} THEN k - 1 WHEN k < ${last} AND v >= ${edge('(k + 1)')} THEN k + 1 ELSE k END`;
}

/** From count, least and greatest. */
export function binOfRow([count, least, greatest]: readonly unknown[]): Bin {
  return { count: Number(count), least: Number(least), greatest: Number(greatest) };
}

export function mergeBins(one: Bins, other: Bins): Bins {
  const all = new Map(one);
  for (const [number, bin] of other) {
    const known = all.get(number);
    all.set(
      number,
      known === undefined
        ? bin
        : {
            count: known.count + bin.count,
            least: Math.min(known.least, bin.least),
            greatest: Math.max(known.greatest, bin.greatest),
          },
    );
  }
  return all;
}
