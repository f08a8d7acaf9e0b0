/** What a column holds, whatever the engine calls it. */
export type ColumnType =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'number'
  | 'text'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'bytes'
  | 'nested';

/** A part of a date as a whole number: days of the week from Monday, 0, quarters and days of the year from 1. */
export type DatePart = 'year' | 'quarter' | 'month' | 'day' | 'dayOfWeek' | 'dayOfYear' | 'hour' | 'minute' | 'second';

/** Types that a text can be tried as. */
export type TriedType = 'boolean' | 'integer' | 'number' | 'date' | 'time' | 'timestamp';

/**
 * How one engine says what every check needs. Nothing else in Holdfast may write SQL that only one engine understands:
 * what is not here has to be standard SQL (SELECT, CASE, COALESCE, COUNT, MIN, MAX, SUM of integers,
 * concat of texts, at most 100, none of them NULL, GROUP BY, window functions, WITH) and mean the same on all of them: `/` only between float64, since whole numbers are
 * divided in two ways. Arguments are SQL expressions unless they say otherwise.
 */
export interface Dialect {
  readonly name: 'duckdb' | 'postgres' | 'spark';
  /** A name, quoted. */
  identifier(name: string): string;
  /** A constant. Numbers are written so that the same float64 is read. */
  literal(value: string | number | bigint | boolean | null): string;
  /**
   * The value as text, in one form on every engine: ISO dates, shortest round-trip numbers (`1.0`, `1e+16`, `1e-05`, `nan`,
   * `-inf`), `true` and `false`, bytes in hexadecimal. What is nested is written as the engine likes.
   */
  text(expression: string, type: ColumnType): string;
  /** The value of a number as the nearest float64; NULL for NULL. Of a decimal the type has to be said. */
  double(expression: string, type?: ColumnType): string;
  /**
   * A date or a timestamp as seconds since 1970-01-01T00:00:00Z, a time as seconds since midnight, as float64; NULL for NULL.
   * What has no time zone is taken for UTC.
   */
  seconds(expression: string, type: 'date' | 'time' | 'timestamp'): string;
  /** A part of a timestamp without a time zone, as an integer; NULL of NULL, and of what is infinite. */
  datePart(expression: string, part: DatePart): string;
  /**
   * The text as a value of a type; NULL where it is none: a day that does not exist, a number beyond float64, a time finer than
   * microseconds. Blanks around it do not count; a timestamp with a zone is taken to UTC.
   */
  tried(text: string, type: TriedType): string;
  /** True where a number is NaN; false where it is not or the type knows none. */
  isNaN(expression: string, type: ColumnType): string;
  /**
   * True where some part of the text matches a pattern of RE2, which is written anew for an engine that has another syntax.
   * @throws DatasetError HF_DATASET_OPTIONS where it has no counterpart
   */
  matches(text: string, pattern: string): string;
  /** Characters (code points) of a text. */
  length(text: string): string;
  /** A hash of a text as a whole number in [0, 2⁶⁰): the first 15 hexadecimal digits of the MD5 of its UTF-8 bytes. */
  hash(text: string): string;
  /** Exact sum of whole numbers below 2⁶³, as text; NULL of no rows. `where` is a condition, or nothing. */
  exactSum(integer: string, where?: string): string;
  /** The largest whole number ≤ a float64 whose absolute value is below 2⁶³, as an integer. */
  floor(double: string): string;
  /** The largest whole number ≤ a float64, as a float64. */
  whole(double: string): string;
  /**
   * The values of a column of float64 at ranks from 0 over those that are not NULL, in ascending order, as an aggregate: texts that
   * JavaScript reads, with a comma between them. An engine may hold all values in memory. `count` is how many there are.
   */
  atRanks(double: string, ranks: readonly number[], count: number): string;
  /**
   * How many different whole numbers between two ends there are, as an aggregate whose memory is one bit for each number that may
   * be there; nothing where an engine has none.
   */
  differentWithin?(integer: string, least: number, greatest: number): string;
  /** The remainder of a whole number ≥ 0. */
  remainder(integer: string, divisor: bigint): string;
  /** Order that all engines agree on: by code points for texts, NULL last. */
  order(expression: string, type: ColumnType, direction: 'ascending' | 'descending'): string;
}
