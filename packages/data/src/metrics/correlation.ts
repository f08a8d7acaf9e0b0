import type { Dialect, TableColumn } from '@holdfast/dataset';
import { countWhere, present } from './count.ts';
import { type Extremes, extremes } from './extremes.ts';
import type { Derived, Found, Metric, Question } from './metric.ts';

/** Two columns, and how closely they lie on a line. */
export interface Correlation {
  /** Pearson's coefficient over the rows that have both; nothing where one of the two does not vary there. */
  readonly coefficient: number | undefined;
  /** Rows that have both values. */
  readonly rows: number;
}

/** Rows, Σx, Σy, Σx², Σy², Σxy of whole numbers. */
type Sums = readonly [bigint, bigint, bigint, bigint, bigint, bigint];

/** Pairs in one SELECT. */
const together = 300;
/** A value's distance from the least one is a whole number of 2⁻³¹ of the range: products are below 2⁶³. */
const scale = 2 ** 31;

export interface Correlations {
  /** By the places of the two columns, the smaller one first. */
  of(one: number, other: number): Correlation | undefined;
}

/**
 * Pearson correlations of all pairs of columns of finite numbers, each over the rows that have both values. Sums of products
 * of whole numbers are exact, whatever the order and the parts; what is rounded is each value, to 2⁻³¹ of its column's range,
 * which moves no coefficient by more than 10⁻⁹.
 */
export function correlations(columns: readonly TableColumn[]): Derived<Correlations> {
  const pairs = columns.flatMap((_, one) => columns.slice(one + 1).map((__, next) => [one, one + 1 + next] as const));
  const batches = Array.from({ length: Math.ceil(pairs.length / together) }, (_, index) =>
    pairs.slice(index * together, (index + 1) * together),
  );
  const asked = batches.map((batch) => sumsOf(columns, batch));
  return {
    kind: 'derived',
    key: `correlations of ${columns.map(({ value }) => value).join(' ')}`,
    after: asked,
    value(found) {
      const all = new Map<string, Correlation>();
      for (const [index, batch] of batches.entries()) {
        const sums = found.get(asked[index] as Metric<readonly Sums[]>);
        for (const [at, [one, other]] of batch.entries()) all.set(`${one} ${other}`, coefficientOf(sums[at]));
      }
      return { of: (one, other) => all.get(`${Math.min(one, other)} ${Math.max(one, other)}`) };
    },
  };
}

function sumsOf(
  columns: readonly TableColumn[],
  pairs: readonly (readonly [number, number])[],
): Question<readonly bigint[], readonly Sums[]> {
  const used = [...new Set(pairs.flat())];
  const all = used.map((index) => ({ index, ...partOf(columns[index] as TableColumn) }));
  const rows = countWhere();
  const gaps = (found: Found): ReadonlySet<number> =>
    new Set(all.filter(({ count }) => found.get(count) < found.get(rows)).map(({ index }) => index));
  const names = pairs.map((pair) => pair.map((index) => columns[index]?.value ?? '').join(' × '));
  return {
    kind: 'question',
    key: `products of ${names.join(', ')}`,
    after: [rows, ...all.flatMap(({ range, count }) => [range, count])],
    sql(table, found) {
      const { dialect } = table.engine;
      const places = all.flatMap(({ index, column, range }) => placesOf(dialect, index, column, found.get(range)));
      const sums = termsOf(pairs, gaps(found)).map((term) => dialect.exactSum(term));
      return `SELECT ${sums.join(', ')} FROM (SELECT ${places.join(', ')} FROM ${table.relation}) AS a`;
    },
    read: ([row = []]) => row.map((cell) => BigInt(String(cell ?? 0))),
    merge: (one, other) => one.map((sum, index) => sum + (other[index] ?? 0n)),
    value(state, found) {
      const places = new Map(termsOf(pairs, gaps(found)).map((term, at) => [term, state[at] ?? 0n]));
      return pairs.map(
        (pair) => sumsOfPair(...pair, gaps(found)).map((term) => places.get(term) ?? 0n) as unknown as Sums,
      );
    },
  };
}

const partOf = (column: TableColumn) => ({ column, range: extremes(column), count: present(column) });

/** What has to be added up for some pairs, each term once. */
const termsOf = (pairs: readonly (readonly [number, number])[], gaps: ReadonlySet<number>): string[] => [
  ...new Set(pairs.flatMap((pair) => sumsOfPair(...pair, gaps))),
];

/**
 * What is missing is 0, and marked; so a row without one of the two adds nothing. (A condition for each sum would say the
 * same, but the time that DuckDB takes to plan those grows with the square of their number.)
 */
function sumsOfPair(one: number, other: number, gaps: ReadonlySet<number>): string[] {
  const [x, y] = [`x${one}`, `x${other}`];
  const times = (term: string, index: number): string => (gaps.has(index) ? `${term} * p${index}` : term);
  return [
    times(times('1', one), other),
    ...[times(x, other), times(y, one)],
    ...[times(`${x} * ${x}`, other), times(`${y} * ${y}`, one)],
    `${x} * ${y}`,
  ];
}

/** How wide a column is; nothing of one that does not vary, or wider than a float64. */
function widthIn(range: Extremes | undefined): number | undefined {
  if (range === undefined) return undefined;
  const width = range.greatest - range.least;
  return width > 0 && Number.isFinite(width) && Number.isFinite(scale / width) ? width : undefined;
}

function placesOf(dialect: Dialect, index: number, column: TableColumn, range: Extremes | undefined): string[] {
  const place = placed(dialect, column, range);
  return [`COALESCE(${place}, 0) AS x${index}`, `CASE WHEN ${column.value} IS NULL THEN 0 ELSE 1 END AS p${index}`];
}

function placed(dialect: Dialect, column: TableColumn, range: Extremes | undefined): string {
  const width = widthIn(range);
  if (range === undefined || width === undefined) return '0';
  const [least, wide, all] = [range.least, width, scale].map((each) => dialect.double(dialect.literal(each)));
  return dialect.floor(`((${dialect.double(column.value)} - ${least ?? ''}) / ${wide ?? ''} * ${all ?? ''})`);
}

function coefficientOf(sums: Sums | undefined): Correlation {
  if (sums === undefined) return { coefficient: undefined, rows: 0 };
  const [n, x, y, xx, yy, xy] = sums;
  const [varied, other] = [n * xx - x * x, n * yy - y * y];
  if (varied === 0n || other === 0n) return { coefficient: undefined, rows: Number(n) };
  const together = Number(n * xy - x * y) / Math.sqrt(Number(varied)) / Math.sqrt(Number(other));
  return { coefficient: Math.max(-1, Math.min(1, together)), rows: Number(n) };
}
