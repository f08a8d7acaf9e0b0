import type { Table } from '@holdfast/dataset';
import { comparedOf, rowText } from './row-text.ts';

/** SQL: a hash of a row's number, or of its values where rows are not numbered: the same rows are drawn on every engine. */
export function rowHash({ engine: { dialect }, rowNumber, columns }: Table): string {
  if (rowNumber !== undefined) return dialect.hash(dialect.text(rowNumber, 'integer'));
  return dialect.hash(
    rowText(
      dialect,
      columns.map((column) => comparedOf(dialect, column)),
    ),
  );
}

const fine = 1_000_000;

/** SQL: a condition that about so many of a table's rows fulfil; nothing where all may be taken. */
export function sampleOf(table: Table, rows: number, of: number): string | undefined {
  if (of <= rows) return undefined;
  return `${table.engine.dialect.remainder(rowHash(table), BigInt(fine))} < ${Math.floor((rows / of) * fine)}`;
}
