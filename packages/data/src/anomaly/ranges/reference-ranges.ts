import type { Table, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import { extremes } from '../../metrics/extremes.ts';
import { measure } from '../../metrics/measure.ts';
import { isNumeric } from '../rows/equal-rows.ts';
import { namedRows, type RowPlace } from '../rows/row-list.ts';

/** What of a column lies outside what it may be. */
export interface Outside {
  readonly column: string;
  readonly count: number;
  readonly rows: readonly RowPlace[];
  /** What it may be, in words; holds values. */
  readonly range: string;
  /** The same without values. */
  readonly rangeKind: string;
}

/** A column with more texts than this has no list of what may be in it. */
const mostTexts = 1000;

/**
 * Values that the reference does not have: numbers, dates and times before its first or after its last; texts that are not
 * among its texts, where those are at most 1000.
 */
export async function outsideReference(
  own: readonly [Table, ...Table[]],
  reference: readonly [Table, ...Table[]],
  columns: readonly TableColumn[],
  signal?: AbortSignal,
): Promise<Outside[]> {
  const conditions: Condition[] = [];
  for (const column of columns) {
    signal?.throwIfAborted();
    const twin = reference[0].columns.find(({ name }) => name === column.name);
    if (twin === undefined) continue;
    const condition =
      isNumeric(column) && isNumeric(twin)
        ? await numbers(own[0], reference, column, twin)
        : await texts(own[0], reference, column, twin);
    if (condition !== undefined) conditions.push(condition);
  }
  return outside(own, conditions, signal);
}

/** What makes a value lie outside. */
export interface Condition {
  readonly column: string;
  /** SQL, true of a value outside. */
  readonly condition: string;
  readonly range: string;
  readonly rangeKind: string;
}

async function numbers(
  { engine: { dialect } }: Table,
  reference: readonly Table[],
  column: TableColumn,
  twin: TableColumn,
): Promise<Condition | undefined> {
  const asked = extremes(twin);
  const range = (await measure(reference, [asked])).get(asked);
  if (range === undefined) return undefined;
  const value = dialect.double(column.value);
  return {
    column: column.name,
    condition: `${value} < ${dialect.literal(range.least)} OR ${value} > ${dialect.literal(range.greatest)}`,
    range: `${range.least} to ${range.greatest}, as in the reference`,
    rangeKind: 'the range of the reference',
  };
}

async function texts(
  { engine: { dialect } }: Table,
  reference: readonly Table[],
  column: TableColumn,
  twin: TableColumn,
): Promise<Condition | undefined> {
  if (!['text', 'boolean'].includes(column.type)) return undefined;
  const known = new Set<string>();
  for (const { engine, relation } of reference) {
    const text = engine.dialect.text(twin.value, twin.type);
    const rows = await engine.rows(
      `SELECT DISTINCT ${text} FROM ${relation} WHERE ${twin.value} IS NOT NULL LIMIT ${mostTexts + 1}`,
    );
    for (const [value] of rows) known.add(String(value));
  }
  if (known.size === 0 || known.size > mostTexts) return undefined;
  const list = [...known].sort().map((value) => dialect.literal(value));
  return {
    column: column.name,
    condition: `${dialect.text(column.value, column.type)} NOT IN (${list.join(', ')})`,
    range: `one of the ${known.size} texts of the reference`,
    rangeKind: `one of the ${known.size} texts of the reference`,
  };
}

/** Counts what lies outside, in one pass, and names the first rows. */
export async function outside(
  tables: readonly Table[],
  conditions: readonly Condition[],
  signal?: AbortSignal,
): Promise<Outside[]> {
  const asked = conditions.map((each) => ({ ...each, count: countWhere(each.condition) }));
  const found = await measure(
    tables,
    asked.map(({ count }) => count),
    signal === undefined ? {} : { signal },
  );
  const result: Outside[] = [];
  for (const { column, condition, count, range, rangeKind } of asked) {
    if (found.get(count) === 0) continue;
    const rows = await rowsWhere(tables, condition);
    result.push({ column, count: found.get(count), rows, range, rangeKind });
  }
  return result;
}

async function rowsWhere(tables: readonly Table[], condition: string): Promise<RowPlace[]> {
  const found: RowPlace[] = [];
  for (const [part, { engine, relation, rowNumber }] of tables.entries()) {
    if (rowNumber === undefined || found.length >= namedRows) continue;
    const rows = await engine.rows(
      `SELECT ${rowNumber} FROM ${relation} WHERE ${condition} ORDER BY 1 LIMIT ${namedRows - found.length}`,
    );
    found.push(...rows.map(([row]) => ({ part, row: Number(row) })));
  }
  return found;
}
