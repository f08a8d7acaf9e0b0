import type { Cell, Dialect, TableColumn } from '@holdfast/dataset';
import { digitBits, digits, fromDigits, scaled } from './exact-sum.ts';
import { extremes } from './extremes.ts';
import type { Found, Question } from './metric.ts';
import { moments } from './moments.ts';

/** Digits of the sum of cubes, then of the sum of fourth powers. */
type State = readonly bigint[];

/**
 * The sums of the third and the fourth powers of a column's deviations from its mean, exact as `exactSum` is. They are a
 * question of their own, in layers, so that each power is worked out once: as one expression it would be written seven times.
 */
export function higherPowers(column: TableColumn): Question<State, readonly [number, number]> {
  const [base, range] = [moments(column), extremes(column)];
  const exponents = (found: Found): readonly [number, number] | undefined => {
    const [ends, mean] = [found.get(range), found.get(base)?.mean];
    if (ends === undefined || mean === undefined) return undefined;
    const largest = Math.max(Math.abs(ends.least - mean), Math.abs(ends.greatest - mean));
    const each = [largest ** 3, largest ** 4].map((power) => (power === 0 ? 0 : Math.floor(Math.log2(power)) + 2));
    return each.every(Number.isFinite) ? [each[0] ?? 0, each[1] ?? 0] : undefined;
  };
  return {
    kind: 'question',
    key: `higher powers of ${column.value}`,
    after: [base, range],
    sql(table, found) {
      const [bits, mean] = [exponents(found), found.get(base)?.mean];
      if (bits === undefined || mean === undefined) return undefined;
      const { dialect } = table.engine;
      const deviation = `${dialect.double(column.value)} - ${dialect.double(dialect.literal(mean))}`;
      return layers(dialect, `SELECT ${deviation} AS d FROM ${table.relation}`, bits);
    },
    read: ([row = []]: readonly (readonly Cell[])[]) => row.map((cell) => BigInt(String(cell ?? 0))),
    merge: (one, other) => one.map((digit, index) => digit + (other[index] ?? 0n)),
    value(state, found) {
      const bits = exponents(found);
      if (bits === undefined || state.length === 0) return [Number.NaN, Number.NaN];
      return [fromDigits(state.slice(0, digits), bits[0]), fromDigits(state.slice(digits), bits[1])];
    },
  };
}

function layers(dialect: Dialect, deviations: string, [cubes, fourths]: readonly [number, number]): string {
  const literal = (value: number): string => dialect.double(dialect.literal(value));
  const rest = (power: string, exponent: number): string => scaled(literal, power, digitBits - exponent);
  const names = ['c', 'f'];
  let from = `SELECT ${rest('(d * d * d)', cubes)} AS cr, ${rest('(d * d * d * d)', fourths)} AS fr FROM (${deviations}) AS a`;
  let known: string[] = [];
  for (let digit = 0; digit < digits; digit += 1) {
    const whole = names.map((name) => `${dialect.floor(`${name}r`)} AS ${name}${digit}`);
    const cut = `SELECT ${[...known, ...whole, 'cr', 'fr'].join(', ')} FROM (${from}) AS b${digit}`;
    known = [...known, ...names.map((name) => `${name}${digit}`)];
    const left = names.map(
      (name) => `(${name}r - ${dialect.double(`${name}${digit}`)}) * ${literal(2 ** digitBits)} AS ${name}r`,
    );
    from = `SELECT ${[...known, ...left].join(', ')} FROM (${cut}) AS e${digit}`;
  }
  const sums = names.flatMap((name) =>
    Array.from({ length: digits }, (_, digit) => dialect.exactSum(`${name}${digit}`)),
  );
  return `SELECT ${sums.join(', ')} FROM (${from}) AS g`;
}
