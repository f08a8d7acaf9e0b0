import type { ColumnType, Table, TableColumn } from '@holdfast/dataset';
import type { DatasetProfile } from '@holdfast/evidence/predicates/dataset-profile';
import { finiteNumbers } from '../../metrics/finite.ts';
import type { ValueCounts } from '../../metrics/value-counts.ts';
import { categoryAssociations } from './category-association.ts';
import { type CategoryColumn, pairedColumns } from './paired-columns.ts';
import { rankCorrelations } from './rank-correlation.ts';

/** Ranks and tables of pairs are made of so many rows; of a table with more there are none. */
export const mostRows = 100_000;
/** Columns of a kind that are held against each other, the first ones. */
const mostColumns = 64;
/** A column with more values is no category. */
export const mostCategories = 64;

export type Associations = NonNullable<DatasetProfile['associations']>;

interface Asked {
  readonly rows: number;
  /** The values of a column of texts or truth values, where they are counted. */
  readonly valuesOf: (column: TableColumn) => ValueCounts | undefined;
  readonly signal?: AbortSignal | undefined;
}

const numeric: ReadonlySet<ColumnType> = new Set(['integer', 'decimal', 'number']);

/** Which columns go together, beside Pearson's coefficient: by ranks, and of categories; nothing where there are too many rows. */
export async function associations(
  tables: readonly [Table, ...Table[]],
  { rows, valuesOf, signal }: Asked,
): Promise<Associations> {
  const [{ columns, engine }] = tables;
  const numbers = atLeastTwo(columns.filter(({ type }) => numeric.has(type)));
  const categories = atLeastTwo(columns.flatMap((column) => categoryOf(column, valuesOf(column)) ?? []));
  if (rows === 0 || rows > mostRows || numbers.length + categories.length === 0) return [];
  const finite = numbers.map((column) => finiteNumbers(engine.dialect, column));
  const read = await pairedColumns(tables, { numbers: finite, categories, rows, signal });
  const names = (some: readonly TableColumn[]): string[] => some.map(({ name }) => name.slice(0, 4000));
  const found: Associations = [
    { method: 'spearman', columns: names(numbers), matrix: await rankCorrelations(read.numbers, signal) },
    {
      method: 'cramers-v',
      columns: names(categories.map(({ column }) => column)),
      matrix: await categoryAssociations(read.categories, signal),
    },
  ];
  return found.filter((each) => each.columns.length > 0);
}

function atLeastTwo<Column>(columns: readonly Column[]): readonly Column[] {
  return columns.length < 2 ? [] : columns.slice(0, mostColumns);
}

function categoryOf(column: TableColumn, counts: ValueCounts | undefined): CategoryColumn | undefined {
  if (counts?.isWhole !== true) return undefined;
  const { size } = counts.values;
  const isPlain = size >= 2 && size <= mostCategories && [...counts.values.values()].every(({ isCut }) => !isCut);
  // in one order on every engine and in all parts, so that sums are rounded alike
  return isPlain ? { column, values: [...counts.values.keys()].sort() } : undefined;
}
