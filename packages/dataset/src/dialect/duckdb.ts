import type { ColumnType, Dialect, TriedType } from './dialect.ts';
import { textForms } from './text-forms.ts';

const tried: Readonly<Record<TriedType, string>> = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  number: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
};

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** DuckDB 1.5. */
export const duckdb: Dialect = {
  name: 'duckdb',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal(value) {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'number') return String(value);
    if (Number.isNaN(value)) return `'nan'::DOUBLE`;
    if (!Number.isFinite(value)) return `'${value > 0 ? '' : '-'}inf'::DOUBLE`;
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : `${value.toExponential()}::DOUBLE`;
  },
  text: (expression, type) => (type === 'text' ? expression : `CAST(${expression} AS VARCHAR)`),
  double: (expression) => `CAST(${expression} AS DOUBLE)`,
  tried: (expression, type) =>
    `CASE WHEN regexp_matches(trim(${expression}), ${text(textForms[type])}) THEN TRY_CAST(trim(${expression}) AS ${tried[type]}) END`,
  isNaN: (expression, type) => (type === 'number' ? `isnan(${expression})` : 'FALSE'),
  matches: (expression, pattern) => `regexp_matches(${expression}, ${text(pattern)})`,
  length: (expression) => `length(${expression})`,
  hash: (expression) => `CAST('0x' || left(md5(${expression}), 15) AS BIGINT)`,
  exactSum: (integer, where) =>
    `CAST(sum(${integer})${where === undefined ? '' : ` FILTER (WHERE ${where})`} AS VARCHAR)`,
  floor: (double) => `CAST(floor(${double}) AS BIGINT)`,
  remainder: (integer, divisor) => `(${integer} % ${divisor})`,
  order: (expression, _type: ColumnType, direction) =>
    `${expression} ${direction === 'ascending' ? 'ASC' : 'DESC'} NULLS LAST`,
};
