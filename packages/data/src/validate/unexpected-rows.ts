import type { Cell, Table, TableColumn } from '@holdfast/dataset';
import type { Outcome } from './expectation-type.ts';

/** A row that an expectation does not hold for. */
export interface UnexpectedRow {
  /** Number of the file, where there are several, from 1. */
  readonly part?: number;
  /** From 1; absent in a database. */
  readonly row?: number;
  readonly keys: Readonly<Record<string, Cell>>;
  readonly values: Readonly<Record<string, Cell>>;
}

/** Rows in which the first unexpected ones are looked for, before all others are: an engine need not read the rest of a file. */
const beginning = 131_072;

/** The first rows that an expectation does not hold for, in the order of the file. */
export async function unexpectedRows(
  tables: readonly Table[],
  { where, columns }: NonNullable<Outcome['unexpected']>,
  keys: readonly TableColumn[],
  limit: number,
): Promise<UnexpectedRow[]> {
  const found: UnexpectedRow[] = [];
  for (const [index, table] of tables.entries()) {
    if (found.length >= limit) break;
    const part = tables.length === 1 ? {} : { part: index + 1 };
    for (const piece of piecesOf(table)) {
      if (found.length >= limit) break;
      const sql = question(table, [where, ...piece], [...keys, ...columns], limit - found.length);
      for (const row of await table.engine.rows(sql)) found.push({ ...part, ...rowOf(row, keys, columns) });
    }
  }
  return found;
}

/** Conditions that split a table into its beginning and the rest, in the order of the file; none where rows have no numbers. */
function piecesOf({ rowNumber, total }: Table): readonly (readonly string[])[] {
  if (rowNumber === undefined || total <= 2 * beginning) return [[]];
  return [[`${rowNumber} <= ${beginning}`], [`${rowNumber} > ${beginning}`]];
}

function question(
  { relation, rowNumber, engine }: Table,
  conditions: readonly string[],
  columns: readonly TableColumn[],
  limit: number,
): string {
  const values = columns.map(({ value, type }) =>
    ['boolean', 'integer', 'number'].includes(type) ? value : engine.dialect.text(value, type),
  );
  const order = rowNumber === undefined ? values : [rowNumber];
  const where = conditions.map((condition) => `(${condition})`).join(' AND ');
  return `SELECT ${[rowNumber ?? 'NULL', ...values].join(', ')} FROM ${relation} WHERE ${where} ORDER BY ${order.join(', ')} LIMIT ${limit}`;
}

function rowOf(
  [row, ...cells]: readonly Cell[],
  keys: readonly TableColumn[],
  columns: readonly TableColumn[],
): UnexpectedRow {
  const named = (from: readonly TableColumn[], offset: number): Record<string, Cell> =>
    Object.fromEntries(from.map(({ name }, index) => [name, cells[offset + index] ?? null]));
  return {
    ...(row === null || row === undefined ? {} : { row: Number(row) }),
    keys: named(keys, 0),
    values: named(columns, keys.length),
  };
}
