import type { TableColumn } from '@holdfast/dataset';
import { type Scene, Unanswerable } from './expectation-type.ts';

/** The column with the values of the rows that the expectation is about, and nothing in the others. */
export function among(column: TableColumn, where: string | undefined): TableColumn {
  return where === undefined ? column : { ...column, value: `CASE WHEN ${where} THEN ${column.value} END` };
}

export const isNumeric = ({ type }: TableColumn): boolean =>
  type === 'integer' || type === 'number' || type === 'decimal';

/** @throws Unanswerable for a column that holds no numbers */
export function requireNumeric(column: TableColumn): TableColumn {
  if (isNumeric(column)) return column;
  throw new Unanswerable(`the column \`${column.name}\` holds no numbers, but ${column.type}`);
}

/** A column of numbers as float64, whatever they are in the engine; of booleans true is 1. */
export function asDouble(column: TableColumn, { tables: [table] }: Scene): TableColumn {
  const { dialect } = table.engine;
  if (column.type === 'boolean') {
    return { ...column, type: 'integer', value: `CASE ${column.value} WHEN TRUE THEN 1 WHEN FALSE THEN 0 END` };
  }
  if (requireNumeric(column).type !== 'decimal') return column;
  return { ...column, type: 'number', value: dialect.double(column.value) };
}

/** What has to look at all rows at once. @throws Unanswerable where they lie in several files */
export function requireOnePart({ tables }: Scene, what: string): void {
  if (tables.length > 1) throw new Unanswerable(`${what} cannot be told of a table in ${tables.length} files`);
}

/** The rows that the expectation is about, as what stands after FROM. */
export function rowsOf({ tables: [table], where }: Scene): string {
  return where === undefined ? table.relation : `${table.relation} WHERE ${where}`;
}
