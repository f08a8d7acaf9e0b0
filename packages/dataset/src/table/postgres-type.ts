import type { ColumnType } from '../dialect/dialect.ts';

const named: readonly (readonly [RegExp, ColumnType])[] = [
  [/\[\]$|^(?:jsonb?|record|hstore|xml|.*range)$/, 'nested'],
  [/^boolean$/, 'boolean'],
  [/^(?:smallint|integer|bigint)$/, 'integer'],
  [/^numeric(?:\(|$)/, 'decimal'],
  [/^(?:real|double precision)$/, 'number'],
  [/^date$/, 'date'],
  [/^time(?:\(\d\))? with/, 'time'],
  [/^timestamp(?:\(\d\))? with/, 'timestamp'],
  [/^bytea$/, 'bytes'],
];

/** What a type of PostgreSQL is to the checks, as `format_type` writes it; what is none of the others is read as text. */
export function postgresType(native: string): ColumnType {
  return named.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}
