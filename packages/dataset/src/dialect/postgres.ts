import { DatasetError } from '../errors.ts';
import { chosen } from './chosen.ts';
import { datePart, extracted } from './date-part.ts';
import type { ColumnType, Dialect, TriedType } from './dialect.ts';
import { postgresPattern } from './postgres-pattern.ts';
import { blanks, longestNumber, textForms } from './text-forms.ts';

const double = 'double precision';

/** PostgreSQL 15, with `DateStyle` ISO, `TimeZone` UTC and `standard_conforming_strings`, as the engine sets them. */
export const postgres: Dialect = {
  name: 'postgres',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal(value) {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return text(value);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'bigint') return value < 0n ? `(${value})` : String(value);
    if (Number.isNaN(value)) return `'NaN'::${double}`;
    if (!Number.isFinite(value)) return `'${value > 0 ? '' : '-'}Infinity'::${double}`;
    if (Object.is(value, -0)) return `'-0'::${double}`;
    if (!Number.isSafeInteger(value)) return `'${value.toExponential()}'::${double}`;
    return value < 0 ? `(${value})` : String(value);
  },
  text: (expression, type) => `(${textOf(expression, type)} COLLATE "C")`,
  double: (expression) => `CAST(${expression} AS ${double})`,
  seconds: (expression) => `CAST(extract(epoch FROM ${expression}) AS ${double})`,
  datePart: (expression, part) =>
    `(CASE WHEN isfinite(${expression}) THEN ${datePart(expression, part, extracted[part], 'bigint')} END)`,
  tried,
  isNaN(expression, type) {
    if (type === 'number') return `COALESCE(${expression} = 'NaN', FALSE)`;
    return type === 'decimal' ? `COALESCE(CAST(${expression} AS numeric) = 'NaN', FALSE)` : 'FALSE';
  },
  matches: (expression, pattern) => `((${expression}) COLLATE "C" ~ ${text(postgresPattern(pattern))})`,
  length: (expression) => `char_length(${expression})`,
  hash: (expression) => `CAST(CAST('x' || left(md5(convert_to(${expression}, 'UTF8')), 15) AS bit(60)) AS bigint)`,
  exactSum: (integer, where) => `CAST(sum(${chosen(integer, where)}) AS text)`,
  whole: (value) => `floor(${value})`,
  atRanks(double, ranks, count) {
    const shares = ranks.map((rank) => postgres.literal((rank + 0.5) / count));
    return `array_to_string(percentile_disc(CAST(ARRAY[${shares.join(', ')}] AS float8[])) WITHIN GROUP (ORDER BY ${double}), ',')`;
  },
  floor: (value) => `CAST(floor(${value}) AS bigint)`,
  remainder: (integer, divisor) => `(${integer} % ${divisor})`,
  order(expression, type, direction) {
    const ordered = type === 'text' ? `(${expression}) COLLATE "C"` : expression;
    return `${ordered} ${direction === 'ascending' ? 'ASC' : 'DESC'} NULLS LAST`;
  },
};

function text(value: string): string {
  if (value.includes('\0')) {
    throw new DatasetError('HF_DATASET_OPTIONS', 'a text with a zero character cannot be compared in PostgreSQL');
  }
  return `'${value.replaceAll("'", "''")}'`;
}

function textOf(expression: string, type: ColumnType): string {
  const plain = `CAST(${expression} AS text)`;
  if (type === 'bytes') return `encode(${expression}, 'hex')`;
  if (type === 'number') return numberText(expression, plain);
  if (type === 'date' || type === 'timestamp') return `regexp_replace(${plain}, '^([^ ]+)(.*) BC$', '\\1 (BC)\\2')`;
  return plain;
}

/** Both engines write the shortest digits that give the number again; the rest of the form is DuckDB's. */
function numberText(expression: string, plain: string): string {
  const whole = `CAST(CAST(CAST(CAST(${expression} AS ${double}) AS text) AS numeric) AS text)`;
  const digits = `CASE WHEN abs(${expression}) < 1e16 AND ${plain} LIKE '%e+%' THEN ${whole} ELSE ${plain} END`;
  return `CASE WHEN ${expression} = 'NaN' THEN 'nan' WHEN abs(${expression}) = 'Infinity' THEN replace(${plain}, 'Infinity', 'inf') ELSE (SELECT CASE WHEN digits ~ '[.e]' THEN digits ELSE digits || '.0' END FROM (SELECT ${digits} AS digits) AS written) END`;
}

/** 2¹⁰²⁴ − 2⁹⁷⁰: from here on a decimal is rounded to infinity. */
const beyond = String(2n ** 1024n - 2n ** 970n);
/** 2⁻¹⁰⁷⁵: up to here a decimal is rounded to zero, which PostgreSQL takes for an error. */
const vanishing = '2.4703282292062327208e-324';

function tried(expression: string, type: TriedType): string {
  const fits = `t ~ ${text(textForms[type])}`;
  const trimmed = `(SELECT btrim(${expression}, ${text(blanks)}) COLLATE "C" AS t) AS trimmed`;
  return `(SELECT CASE WHEN ${fits} THEN ${cast(type)} END FROM ${trimmed})`;
}

/** What PostgreSQL takes for an error is asked before: it knows no attempt at a cast. */
function cast(type: TriedType): string {
  const month = `make_date(CAST(left(t, 4) AS integer), CAST(substr(t, 6, 2) AS integer), 1)`;
  const isDay = `CAST(substr(t, 9, 2) AS integer) <= extract(day FROM ${month} + interval '1 month - 1 day')`;
  switch (type) {
    case 'boolean':
      return `lower(t) = 'true'`;
    case 'integer':
      return `CASE WHEN char_length(t) <= 20 THEN CASE WHEN CAST(t AS numeric) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(t AS bigint) END END`;
    case 'number':
      return `CASE WHEN char_length(t) > ${longestNumber} THEN NULL WHEN t ~ '[nN]$' AND t ~ '^[+-]?[nN]' THEN 'NaN'::${double} WHEN t ~ '[iI]' THEN CAST(t AS ${double}) WHEN abs(CAST(t AS numeric)) >= ${beyond} THEN NULL WHEN abs(CAST(t AS numeric)) <= ${vanishing} THEN CASE WHEN left(t, 1) = '-' THEN '-0'::${double} ELSE '0'::${double} END ELSE CAST(t AS ${double}) END`;
    case 'date':
      return `CASE WHEN ${isDay} THEN CAST(t AS date) END`;
    case 'time':
      return 'CAST(t AS time)';
    case 'timestamp':
      return `CASE WHEN ${isDay} THEN CASE WHEN t ~ ':.*[Z+-]' THEN CAST(t AS timestamptz) AT TIME ZONE 'UTC' ELSE CAST(t AS timestamp) END END`;
  }
}
