import { chosen } from './chosen.ts';
import { datePart, extracted } from './date-part.ts';
import type { Dialect, TriedType } from './dialect.ts';
import { longestNumber, textForms } from './text-forms.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const casts = { boolean: 'BOOLEAN', integer: 'BIGINT', date: 'DATE', time: 'TIME', timestamp: 'TIMESTAMP' } as const;

/** DuckDB 1.5. */
export const duckdb: Dialect = {
  name: 'duckdb',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal(value) {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return text(value);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'bigint') return value < 0n ? `(${value})` : String(value);
    if (Number.isNaN(value)) return `'nan'::DOUBLE`;
    if (!Number.isFinite(value)) return `'${value > 0 ? '' : '-'}inf'::DOUBLE`;
    if (Object.is(value, -0)) return `'-0'::DOUBLE`;
    if (!Number.isSafeInteger(value)) return `'${value.toExponential()}'::DOUBLE`;
    return value < 0 ? `(${value})` : String(value);
  },
  text(expression, type) {
    if (type === 'text') return expression;
    if (type === 'bytes') return `lower(hex(${expression}))`;
    const plain = `CAST(${expression} AS VARCHAR)`;
    if (type === 'number') return `CASE WHEN isnan(${expression}) THEN 'nan' ELSE ${plain} END`;
    // a decimal of nothing but fractional digits is written without the zero before the point
    return type === 'decimal' ? `regexp_replace(${plain}, '^(-?)[.]', '\\10.')` : plain;
  },
  // DuckDB divides what a decimal holds by a power of ten, and so rounds twice
  double: (expression, type) =>
    type === 'decimal' ? `CAST(CAST(${expression} AS VARCHAR) AS DOUBLE)` : `CAST(${expression} AS DOUBLE)`,
  seconds: (expression) => `CAST(epoch(${expression}) AS DOUBLE)`,
  datePart: (expression, part) =>
    `(CASE WHEN isfinite(${expression}) THEN ${datePart(expression, part, extracted[part], 'BIGINT')} END)`,
  tried,
  isNaN: (expression, type) => (type === 'number' ? `COALESCE(isnan(${expression}), FALSE)` : 'FALSE'),
  matches: (expression, pattern) => `regexp_matches(${expression}, ${text(pattern)})`,
  length: (expression) => `length(${expression})`,
  hash: (expression) => `CAST('0x' || left(md5(${expression}), 15) AS BIGINT)`,
  exactSum: (integer, where) => `CAST(sum(${chosen(integer, where)}) AS VARCHAR)`,
  floor: (double) => `CAST(floor(${double}) AS BIGINT)`,
  whole: (double) => `floor(${double})`,
  atRanks(double, ranks, count) {
    // the least value with at least this share of all values at or below it
    const shares = ranks.map((rank) => duckdb.literal((rank + 0.5) / count));
    return `array_to_string(CAST(quantile_disc(${double}, [${shares.join(', ')}]) AS VARCHAR[]), ',')`;
  },
  differentWithin: (integer, least, greatest) =>
    `bit_count(bitstring_agg(CAST(${integer} AS BIGINT), CAST(${least} AS BIGINT), CAST(${greatest} AS BIGINT)))`,
  remainder: (integer, divisor) => `(${integer} % ${divisor})`,
  order: (expression, _type, direction) => `${expression} ${direction === 'ascending' ? 'ASC' : 'DESC'} NULLS LAST`,
};

function tried(expression: string, type: TriedType): string {
  const trimmed = `trim(${expression})`;
  const fits = `regexp_matches(${trimmed}, ${text(textForms[type])})`;
  if (type === 'number') {
    // beyond float64 DuckDB says infinity, which is not what stands there
    const isBeyond = `(isinf(TRY_CAST(${trimmed} AS DOUBLE)) AND NOT contains(lower(${trimmed}), 'inf'))`;
    return `CASE WHEN ${fits} AND length(${trimmed}) <= ${longestNumber} AND NOT ${isBeyond} THEN TRY_CAST(${trimmed} AS DOUBLE) END`;
  }
  if (type === 'timestamp') {
    // DuckDB drops the zone when it makes a TIMESTAMP of a text
    const zoned = `CAST(TRY_CAST(${trimmed} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)`;
    return `CASE WHEN ${fits} THEN CASE WHEN regexp_matches(${trimmed}, ':.*[Z+-]') THEN ${zoned} ELSE TRY_CAST(${trimmed} AS TIMESTAMP) END END`;
  }
  return `CASE WHEN ${fits} THEN TRY_CAST(${trimmed} AS ${casts[type]}) END`;
}
