import type { Table } from '@holdfast/dataset';
import type { Tables } from '../drift/column-pairs.ts';
import { columnNamed } from '../drift/values.ts';
import { type Combinations, combinationsOf, keyOf, namedValue, product } from './combinations.ts';
import { conditionOf } from './comparison.ts';
import type { Slice } from './options.ts';
import type { Counted, SliceCoverage } from './slice-coverage.ts';

/** Combinations that are told one by one. */
export const mostShown = 100;
/** Values of each of two columns that a picture has. */
export const mostPictured = 24;

/** Counts the rows of each combination of values of the slice's columns, those that have none too. */
export async function combinedSlice(
  tables: Tables,
  reference: Tables | undefined,
  slice: Slice,
  { name, least }: { readonly name: string; readonly least: number },
): Promise<SliceCoverage> {
  const { columns = [], where = [] } = slice;
  const counted = await combinationsOf(tables, columns, conditionsOf(where));
  const axes = counted.isWhole ? await axesOf(tables, reference, slice, counted) : undefined;
  const expected = axes === undefined ? undefined : product(axes);
  const about = { name, columns, least };
  const nothing = { ...about, expected: 0, short: [], shortCount: 0, emptyCount: 0, outside: 0, pictured: [] };
  if (axes === undefined || expected === undefined) {
    return { ...nothing, left: `slice ${name}: it has too many combinations` };
  }
  if (expected.length === 0) {
    return { ...nothing, left: `slice ${name}: no row has a value in each of its columns` };
  }
  return { ...about, ...countsOf(counted, expected, axes, least) };
}

const conditionsOf =
  (where: NonNullable<Slice['where']>) =>
  (table: Table): string | undefined =>
    where.length === 0 ? undefined : where.map((each) => `(${conditionOf(table, each)})`).join(' AND ');

/** The values of each column that there should be rows of: those that are named, or else are in the table or in the reference. */
async function axesOf(
  tables: Tables,
  reference: Tables | undefined,
  { columns = [], where = [], values = {} }: Slice,
  { found }: Combinations,
): Promise<readonly (readonly string[])[] | undefined> {
  const [first] = tables;
  const axes: (readonly string[])[] = [];
  for (const [at, column] of columns.entries()) {
    const known = columnNamed(first, column);
    const named = Object.hasOwn(values, column) ? values[column]?.map((value) => namedValue(known, value)) : undefined;
    const isThere =
      reference !== undefined && [column, ...where.map((each) => each.column)].every(alike(tables, reference));
    const there =
      named === undefined && isThere ? await combinationsOf(reference, [column], conditionsOf(where)) : undefined;
    if (there?.isWhole === false) return undefined;
    const here = [...found.values()].flatMap((each) => each.values[at] ?? []);
    const more = [...(there?.found.values() ?? [])].flatMap((each) => each.values[0] ?? []);
    axes.push(named === undefined ? sorted(new Set([...here, ...more])) : [...new Set(named)]);
  }
  return axes;
}

/** Whether both tables have a column of this name, with values of one type. */
const alike =
  ([first]: Tables, [reference]: Tables) =>
  (name: string): boolean =>
    reference.columns.some((each) => each.name === name && each.type === columnTypeOf(first, name));

const columnTypeOf = ({ columns }: Table, name: string): string | undefined =>
  columns.find((each) => each.name === name)?.type;

/** Numbers by their size, everything else by its text. */
function sorted(values: ReadonlySet<string>): string[] {
  const all = [...values];
  const isNumeric = all.every((value) => value.trim() !== '' && !Number.isNaN(Number(value)));
  return isNumeric ? all.sort((one, other) => Number(one) - Number(other)) : all.sort();
}

function countsOf(
  { found }: Combinations,
  expected: readonly (readonly string[])[],
  axes: readonly (readonly string[])[],
  least: number,
): Omit<SliceCoverage, 'name' | 'columns' | 'least'> {
  const counted = expected.map((values) => ({ values, rows: found.get(keyOf(values))?.rows ?? 0 }));
  const short = counted.filter(({ rows }) => rows < least).sort((one, other) => one.rows - other.rows);
  const all = [...found.values()].reduce((sum, { rows }) => sum + rows, 0);
  return {
    ...{ expected: counted.length, shortCount: short.length, short: short.slice(0, mostShown) },
    emptyCount: short.filter(({ rows }) => rows === 0).length,
    leastRows: counted.reduce((fewest, { rows }) => Math.min(fewest, rows), Number.POSITIVE_INFINITY),
    outside: all - counted.reduce((sum, { rows }) => sum + rows, 0),
    pictured: axes.length > 2 ? [] : picturedOf(counted, axes),
  };
}

/** Of many values of a column those that most rows have, in their order. */
function picturedOf(counted: readonly Counted[], axes: readonly (readonly string[])[]): readonly Counted[] {
  const shown = axes.map((values, at) => {
    if (values.length <= mostPictured) return new Set(values);
    const rows = new Map<string, number>();
    for (const each of counted) rows.set(each.values[at] ?? '', (rows.get(each.values[at] ?? '') ?? 0) + each.rows);
    const most = values.toSorted((one, other) => (rows.get(other) ?? 0) - (rows.get(one) ?? 0));
    return new Set(most.slice(0, mostPictured));
  });
  return counted.filter(({ values }) => values.every((value, at) => shown[at]?.has(value)));
}
