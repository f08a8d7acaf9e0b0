import type { ColumnType } from '../dialect/dialect.ts';

const named: readonly (readonly [RegExp, ColumnType])[] = [
  [/[[\]]|^(?:STRUCT|MAP|UNION|VARIANT|JSON)/, 'nested'],
  [/^BOOLEAN$/, 'boolean'],
  [/^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/, 'integer'],
  [/^DECIMAL/, 'decimal'],
  [/^(?:FLOAT|DOUBLE)$/, 'number'],
  [/^DATE$/, 'date'],
  [/^TIME(?: WITH TIME ZONE|_NS)?$/, 'time'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^BLOB$/, 'bytes'],
];

/** What a type of DuckDB is to the checks; what is none of the others is text. */
export function duckDbType(native: string): ColumnType {
  return named.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}
