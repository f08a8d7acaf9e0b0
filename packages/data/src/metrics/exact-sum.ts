import type { Dialect, Table, TableColumn } from '@holdfast/dataset';
import { type Extremes, extremes } from './extremes.ts';
import type { Aggregate, Found, Metric } from './metric.ts';

/** Bits of a digit: digits of 2⁵⁰ fit a 64-bit integer, and 2²⁶ of them what an engine sums exactly. */
export const digitBits = 50;
export const digits = 3;

/**
 * The sum of an expression of float64 values over a table, the same in whatever order and on whatever engine: each value is
 * cut into `digits` whole numbers to the base 2⁵⁰ below a power of two above the largest value, the engine adds up
 * whole numbers, and what is below 2⁻¹⁵⁰ of that power is cut off from each value alike.
 *
 * `bound` finds the largest and the smallest value first. Where a value is infinite, the sum is what float64 makes of it.
 */
export function exactSum(
  name: string,
  expression: (table: Table, found: Found) => string,
  bound: Metric<Extremes | undefined>,
  where?: string,
): Aggregate<readonly bigint[], number> {
  const exponentOf = (found: Found): number | undefined => exponentAbove(found.get(bound));
  return {
    kind: 'aggregate',
    key: `sum of ${name}${where === undefined ? '' : ` where ${where}`}`,
    after: [bound],
    shared(table, found) {
      const exponent = exponentOf(found);
      if (exponent === undefined) return undefined;
      const { dialect } = table.engine;
      const value = dialect.double(expression(table, found));
      return scaled((power) => dialect.double(dialect.literal(power)), value, digitBits - exponent);
    },
    expressions({ engine: { dialect } }, found, shared) {
      if (exponentOf(found) === undefined) return [];
      return digitsOf(dialect, shared).map((digit) => dialect.exactSum(digit, where));
    },
    read: (cells) => cells.map((cell) => BigInt(String(cell ?? 0))),
    merge: (one, other) => one.map((digit, index) => digit + (other[index] ?? 0n)),
    value(state, found) {
      const range = found.get(bound);
      const exponent = exponentOf(found);
      if (range === undefined) return 0;
      if (exponent === undefined) return range.least + range.greatest;
      return fromDigits(state, exponent);
    },
  };
}

/** Of the power of two above what lies between two ends; 0 of zeros, nothing of nothing and where an end is infinite. */
function exponentAbove(range: Extremes | undefined): number | undefined {
  if (range === undefined) return undefined;
  const largest = Math.max(Math.abs(range.least), Math.abs(range.greatest));
  return Number.isFinite(largest) ? (largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 2) : undefined;
}

/**
 * The whole digits of a value below 2⁵⁰: ⌊v⌋, and for k = 1, 2, … ⌊v·Bᵏ⌋ − ⌊v·Bᵏ⁻¹⌋·B with B = 2⁵⁰. All of it is exact: a power of
 * two only moves the point, rounding down keeps a float64 one, and the difference is below B.
 */
function digitsOf(dialect: Dialect, value: string): string[] {
  const constant = (power: number): string => dialect.double(dialect.literal(2 ** power));
  const whole = (index: number): string =>
    dialect.whole(index === 0 ? value : `(${value} * ${constant(index * digitBits)})`);
  return Array.from({ length: digits }, (_, index) =>
    dialect.floor(index === 0 ? value : `(${whole(index)} - ${whole(index - 1)} * ${constant(digitBits)})`),
  );
}

/** In two steps where one power of two is no float64. */
export function scaled(literal: (value: number) => string, value: string, bits: number): string {
  if (Math.abs(bits) < 1000) return `(${value} * ${literal(2 ** bits)})`;
  const half = Math.trunc(bits / 2);
  return `(${value} * ${literal(2 ** half)} * ${literal(2 ** (bits - half))})`;
}

/** The float64 nearest to what the digits say. */
export function fromDigits(state: readonly bigint[], exponent: number): number {
  const whole = state.reduce((sum, digit) => sum * 2n ** BigInt(digitBits) + digit, 0n);
  return ratio(whole, exponent - digitBits * digits);
}

/** `whole` · 2^`exponent`, rounded once. */
function ratio(whole: bigint, exponent: number): number {
  const size = whole < 0n ? -whole : whole;
  const extra = size.toString(2).length - 54;
  if (extra <= 0) return Number(whole) * 2 ** exponent;
  // 54 bits and a last one that says whether anything was cut off: Number() then rounds as if it had seen everything.
  const kept = size >> BigInt(extra);
  const sticky = kept << BigInt(extra) === size ? 0n : 1n;
  const rounded = Number((kept << 1n) | sticky);
  return (whole < 0n ? -1 : 1) * scaledNumber(rounded, exponent + extra - 1);
}

function scaledNumber(value: number, bits: number): number {
  const half = Math.trunc(bits / 2);
  return value * 2 ** half * 2 ** (bits - half);
}

/** The sum of a column of numbers; of whole numbers the engine's own is exact. */
export function sumOf(column: TableColumn, where?: string): Metric<number> {
  if (column.type !== 'integer') {
    const value = ({ engine: { dialect } }: Table): string => dialect.double(column.value, column.type);
    return exactSum(column.value, value, extremes(column, where), where);
  }
  return {
    kind: 'aggregate',
    key: `sum of whole ${column.value}${where === undefined ? '' : ` where ${where}`}`,
    expressions: ({ engine: { dialect } }) => [dialect.exactSum(column.value, where)],
    read: ([sum]) => BigInt(String(sum ?? 0)),
    merge: (one: bigint, other: bigint) => one + other,
    value: Number,
  } satisfies Aggregate<bigint, number>;
}
