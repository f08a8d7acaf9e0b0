import { chosen } from './chosen.ts';
import type { ColumnType, DatePart, Dialect, TriedType } from './dialect.ts';
import { blanks, longestNumber, textForms } from './text-forms.ts';

/**
 * Spark SQL 3.5 and 4, with `spark.sql.session.timeZone` UTC, and on a Java of version 19 or later, which writes the shortest
 * digits of a number. Text only: nothing here runs Spark.
 */
export const spark: Dialect = {
  name: 'spark',
  identifier: (name) => `\`${name.replaceAll('`', '``')}\``,
  literal(value) {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return text(value);
    if (typeof value === 'bigint') return wholeOf(value);
    if (typeof value === 'boolean') return String(value);
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return wholeOf(BigInt(value));
    if (Number.isNaN(value)) return `CAST('NaN' AS DOUBLE)`;
    if (!Number.isFinite(value)) return `CAST('${value > 0 ? '' : '-'}Infinity' AS DOUBLE)`;
    return `CAST('${Object.is(value, -0) ? '-0' : value.toExponential()}' AS DOUBLE)`;
  },
  text: textOf,
  double: (expression) => `CAST(${expression} AS DOUBLE)`,
  // a time of day is text here
  seconds: (expression, type) =>
    type === 'time'
      ? `(CAST(substring(${expression}, 1, 2) AS DOUBLE) * 3600 + CAST(substring(${expression}, 4, 2) AS DOUBLE) * 60 + CAST(substring(${expression}, 7) AS DOUBLE))`
      : `(CAST(unix_micros(CAST(${expression} AS TIMESTAMP)) AS DOUBLE) / CAST('1e6' AS DOUBLE))`,
  datePart: (expression, part) => `${partFunctions[part]}(${expression})`,
  tried,
  isNaN: (expression, type) => (type === 'number' ? `COALESCE(isnan(${expression}), FALSE)` : 'FALSE'),
  // Java finds what RE2 finds; `\z` where RE2 says `$`, which in Java stands before a last line end too
  matches: (expression, pattern) => `regexp_like(${expression}, ${text(javaPattern(pattern))})`,
  length: (expression) => `char_length(${expression})`,
  hash: (expression) => `CAST(conv(left(md5(CAST(${expression} AS BINARY)), 15), 16, 10) AS BIGINT)`,
  exactSum: (integer, where) => `CAST(sum(CAST(${chosen(integer, where)} AS DECIMAL(38, 0))) AS STRING)`,
  whole: (double) => `CAST(floor(${double}) AS DOUBLE)`,
  atRanks(double, ranks, count) {
    const values = ranks.map(
      (rank) => `percentile_disc(${spark.literal((rank + 0.5) / count)}) WITHIN GROUP (ORDER BY ${double})`,
    );
    return `concat_ws(',', ${values.map((value) => `CAST(${value} AS STRING)`).join(', ')})`;
  },
  floor: (double) => `CAST(floor(${double}) AS BIGINT)`,
  remainder: (integer, divisor) => `(${integer} % ${wholeOf(divisor)})`,
  order: (expression, _type, direction) => `${expression} ${direction === 'ascending' ? 'ASC' : 'DESC'} NULLS LAST`,
};

const partFunctions: Readonly<Record<DatePart, string>> = {
  ...{ year: 'year', quarter: 'quarter', month: 'month', day: 'day', dayOfWeek: 'weekday', dayOfYear: 'dayofyear' },
  ...{ hour: 'hour', minute: 'minute', second: 'second' },
};

/** Escapes count in Spark's texts unless a setting says otherwise: what it may read as one is written as its code. */
function text(value: string): string {
  const written = Array.from(value, (character) => {
    if (/[\\'"\p{C}\p{Zl}\p{Zp}]/u.test(character)) {
      return Array.from({ length: character.length }, (_, at) => `\\u${hexadecimal(character.charCodeAt(at))}`).join(
        '',
      );
    }
    return character;
  });
  return `'${written.join('')}'`;
}

const hexadecimal = (unit: number): string => unit.toString(16).padStart(4, '0');

function wholeOf(value: bigint): string {
  const isLong = value >= -(2n ** 63n) + 1n && value < 2n ** 63n;
  const written = isLong ? `${value}L` : `CAST('${value}' AS DECIMAL(38, 0))`;
  return value < 0 ? `(${written})` : written;
}

function textOf(expression: string, type: ColumnType): string {
  if (type === 'text') return expression;
  if (type === 'bytes') return `lower(hex(${expression}))`;
  return type === 'number' ? numberText(expression) : `CAST(${expression} AS STRING)`;
}

/** Java writes `1.0E16` and `1.0E7` where the one form is `1e+16` and `10000000.0`. */
function numberText(expression: string): string {
  const java = `CAST(${expression} AS STRING)`;
  const plain = `regexp_replace(CAST(CAST(${java} AS DECIMAL(38, 20)) AS STRING), '(\\u005c.[0-9]*[1-9]|\\u005c.0)0*$', '$1')`;
  const short = `regexp_replace(${java}, '[.]0E', 'E')`;
  const signed = `regexp_replace(${short}, 'E([0-9])', 'e+$1')`;
  const scientific = `regexp_replace(regexp_replace(${signed}, 'E-', 'e-'), 'e([+-])([0-9])$', 'e$10$2')`;
  const isPlain = `(abs(${expression}) >= CAST('1e-4' AS DOUBLE) AND abs(${expression}) < CAST('1e16' AS DOUBLE))`;
  return `CASE WHEN isnan(${expression}) THEN 'nan' WHEN ${java} LIKE '%Infinity' THEN regexp_replace(${java}, 'Infinity', 'inf') WHEN ${java} NOT LIKE '%E%' THEN ${java} WHEN ${isPlain} THEN ${plain} ELSE ${scientific} END`;
}

const casts = { boolean: 'BOOLEAN', integer: 'BIGINT', number: 'DOUBLE', date: 'DATE' } as const;

function tried(expression: string, type: TriedType): string {
  const trimmed = `trim(BOTH ${text(blanks)} FROM ${expression})`;
  const fits = `regexp_like(${trimmed}, ${text(javaPattern(textForms[type]))})`;
  switch (type) {
    case 'number': {
      const value = `try_cast(${trimmed} AS DOUBLE)`;
      const isInfinite = `abs(${value}) = CAST('Infinity' AS DOUBLE)`;
      return `CASE WHEN NOT (${fits}) OR char_length(${trimmed}) > ${longestNumber} THEN NULL WHEN lower(${trimmed}) LIKE '%nan' THEN CAST('NaN' AS DOUBLE) WHEN ${isInfinite} AND lower(${trimmed}) NOT LIKE '%inf%' THEN NULL ELSE ${value} END`;
    }
    case 'time':
      // Spark has no time of day before version 4.1: it is compared as text of one length
      return `CASE WHEN ${fits} THEN rpad(CASE WHEN char_length(${trimmed}) = 5 THEN concat(${trimmed}, ':00') ELSE ${trimmed} END, 8, '0') END`;
    case 'timestamp':
      return `CASE WHEN ${fits} THEN try_cast(${trimmed} AS TIMESTAMP) END`;
    case 'boolean':
    case 'integer':
    case 'date':
      return `CASE WHEN ${fits} THEN try_cast(${trimmed} AS ${casts[type]}) END`;
  }
}

/** `$` outside of brackets and escapes as `\z`. */
function javaPattern(pattern: string): string {
  return pattern.replaceAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?[a-z]+:\]|[^\]])*\]|\$/g, (piece) =>
    piece === '$' ? String.raw`\z` : piece,
  );
}
