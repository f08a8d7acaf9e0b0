import type { Cell, Dialect, TableColumn } from '@holdfast/dataset';
import { present } from './count.ts';
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
): Question<readonly Sums[], readonly Sums[]> {
  const used = [...new Set(pairs.flat())];
  const ranges = new Map(used.map((index) => [index, extremes(columns[index] as TableColumn)]));
  const counts = used.map((index) => present(columns[index] as TableColumn));
  const widthOf = (index: number, found: Found): number | undefined =>
    widthIn(found.get(ranges.get(index) as Metric<Extremes | undefined>));
  return {
    kind: 'question',
    key: `products of ${pairs.map(([one, other]) => `${columns[one]?.value ?? ''} × ${columns[other]?.value ?? ''}`).join(', ')}`,
    after: [...ranges.values(), ...counts],
    sql(table, found) {
      const { dialect } = table.engine;
      const places = used.map((index) => {
        const range = found.get(ranges.get(index) as Metric<Extremes | undefined>);
        return `${placed(dialect, columns[index] as TableColumn, range, widthOf(index, found))} AS x${index}`;
      });
      const sums = pairs.flatMap(([one, other]) => sumsOfPair(dialect, `x${one}`, `x${other}`));
      return `SELECT ${sums.join(', ')} FROM (SELECT ${places.join(', ')} FROM ${table.relation}) AS a`;
    },
    read: ([row = []]) => pairs.map((_, index) => sumsOfRow(row.slice(index * 6, index * 6 + 6))),
    merge: (one, other) =>
      one.map((sums, index) => sums.map((sum, at) => sum + (other[index]?.[at] ?? 0n)) as unknown as Sums),
    value: (state) => state,
  };
}

/** How wide a column is; nothing of one that does not vary, or wider than a float64. */
function widthIn(range: Extremes | undefined): number | undefined {
  if (range === undefined) return undefined;
  const width = range.greatest - range.least;
  return width > 0 && Number.isFinite(width) && Number.isFinite(scale / width) ? width : undefined;
}

function placed(dialect: Dialect, column: TableColumn, range: Extremes | undefined, width: number | undefined): string {
  const value = dialect.double(column.value);
  if (range === undefined || width === undefined) return dialect.floor(`(${value} - ${value})`);
  const [least, wide, all] = [range.least, width, scale].map((each) => dialect.double(dialect.literal(each)));
  return dialect.floor(`((${value} - ${least}) / ${wide} * ${all})`);
}

/** What is NULL on either side is in none of them. */
function sumsOfPair(dialect: Dialect, x: string, y: string): string[] {
  const both = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
  return [
    `count(*) FILTER (WHERE ${both})`,
    ...[x, y, `${x} * ${x}`, `${y} * ${y}`, `${x} * ${y}`].map((term) => dialect.exactSum(term, both)),
  ];
}

const sumsOfRow = (cells: readonly Cell[]): Sums => cells.map((cell) => BigInt(String(cell ?? 0))) as unknown as Sums;

function coefficientOf(sums: Sums | undefined): Correlation {
  if (sums === undefined) return { coefficient: undefined, rows: 0 };
  const [n, x, y, xx, yy, xy] = sums;
  const [varied, other] = [n * xx - x * x, n * yy - y * y];
  if (varied === 0n || other === 0n) return { coefficient: undefined, rows: Number(n) };
  const together = Number(n * xy - x * y) / Math.sqrt(Number(varied)) / Math.sqrt(Number(other));
  return { coefficient: Math.max(-1, Math.min(1, together)), rows: Number(n) };
}
