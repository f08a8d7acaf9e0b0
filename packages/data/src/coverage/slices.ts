import type { Tables } from '../drift/column-pairs.ts';
import { rowsOf } from '../drift/values.ts';
import { DataError } from '../errors.ts';
import { countWhere } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';
import { type Combinations, combinationsOf, keyOf, product } from './combinations.ts';
import { conditionOf } from './comparison.ts';
import type { Comparison, Slice } from './options.ts';

/** A slice or a combination of values in it: how many rows there are, and how many there have to be. */
export interface Counted {
  readonly values: readonly (string | null)[];
  readonly rows: number;
}

export interface SliceCoverage {
  readonly name: string;
  readonly columns: readonly string[];
  /** Rows that there have to be. */
  readonly least: number;
  /** What was expected: the slice itself, or each combination. */
  readonly expected: number;
  /** Those with fewer rows, the smallest first. */
  readonly short: readonly Counted[];
  /** Rows of the one that has the fewest. */
  readonly leastRows: number;
  /** Why it could not be found out. */
  readonly left?: string;
}

/**
 * @param reference values that it has are expected, too
 * @throws DataError HF_DATA_OPTIONS
 */
export async function sliceCoverage(
  tables: Tables,
  reference: Tables | undefined,
  slice: Slice,
  otherwise: number,
): Promise<SliceCoverage> {
  const { columns = [], where = [] } = slice;
  const name = slice.name ?? [...columns, ...where.map(comparisonText)].join(', ');
  if (columns.length + where.length === 0) {
    throw new DataError('HF_DATA_OPTIONS', 'a slice names `columns` or `where`', { where: 'slices' });
  }
  const least = leastOf(slice, rowsOf(tables), otherwise);
  if (columns.length === 0) return ofCondition(tables, name, where, least);
  const [first] = tables;
  const unknown = columns.find((column) => first.columns.every((each) => each.name !== column));
  if (unknown !== undefined) {
    throw new DataError('HF_DATA_OPTIONS', `there is no column \`${unknown.slice(0, 200)}\``, { where: 'slices' });
  }
  const condition = where.length === 0 ? undefined : where;
  const counted = await combinationsOf(tables, columns, (table) =>
    condition?.map((each) => conditionOf(table, each)).join(' AND '),
  );
  const expected = await expectedOf(counted, reference, slice, columns);
  const about = { name, columns, least };
  if (expected === undefined) {
    return { ...about, expected: 0, short: [], leastRows: 0, left: `slice ${name}: it has too many combinations` };
  }
  return { ...about, ...shortOf(counted, expected, least) };
}

/** `age >= 65` */
const comparisonText = ({ column, is, value }: Comparison): string =>
  `${column} ${is}${value === undefined ? '' : ` ${typeof value === 'object' ? value.join(' | ') : String(value)}`}`;

function leastOf({ min, minShare }: Slice, rows: number, otherwise: number): number {
  const share = minShare === undefined ? 0 : Math.ceil(minShare * rows);
  return Math.max(min ?? (minShare === undefined ? otherwise : 0), share);
}

async function ofCondition(
  tables: Tables,
  name: string,
  where: readonly Comparison[],
  least: number,
): Promise<SliceCoverage> {
  let rows = 0;
  for (const table of tables) {
    const count = countWhere(where.map((each) => `(${conditionOf(table, each)})`).join(' AND '));
    rows += (await measure([table], [count])).get(count);
  }
  const short = rows < least ? [{ values: [], rows }] : [];
  return { name, columns: [], least, expected: 1, short, leastRows: rows };
}

/** What combinations there should be: of the values that are named, or else are in the table or in the reference. */
async function expectedOf(
  { found, isWhole }: Combinations,
  reference: Tables | undefined,
  { values = {} }: Slice,
  columns: readonly string[],
): Promise<readonly (readonly string[])[] | undefined> {
  if (!isWhole) return undefined;
  const axes: (readonly string[])[] = [];
  for (const [at, column] of columns.entries()) {
    const named = values[column]?.map(String);
    const here = [...found.values()].flatMap((each) => each.values[at] ?? []);
    const isThere = reference?.[0].columns.some(({ name }) => name === column) === true;
    const there =
      named === undefined && reference !== undefined && isThere ? await combinationsOf(reference, [column]) : undefined;
    if (there?.isWhole === false) return undefined;
    const more = [...(there?.found.values() ?? [])].flatMap((each) => each.values[0] ?? []);
    axes.push(named ?? [...new Set([...here, ...more])].sort());
  }
  return product(axes);
}

function shortOf(
  { found }: Combinations,
  expected: readonly (readonly string[])[],
  least: number,
): Pick<SliceCoverage, 'expected' | 'short' | 'leastRows'> {
  const counted = expected.map((values) => ({ values, rows: found.get(keyOf(values))?.rows ?? 0 }));
  const short = counted.filter(({ rows }) => rows < least).sort((one, other) => one.rows - other.rows);
  const leastRows = counted.reduce((fewest, { rows }) => Math.min(fewest, rows), Number.POSITIVE_INFINITY);
  return { expected: counted.length, short, leastRows: Number.isFinite(leastRows) ? leastRows : 0 };
}
