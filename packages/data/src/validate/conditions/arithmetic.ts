import type { Dialect } from '@holdfast/dataset';
import type { Demand } from './demand.ts';
import { notUnderstood } from './not-understood.ts';
import type { Arithmetic, Constant } from './syntax.ts';
import { bounded, called, type Value } from './value.ts';

type NumberValue = Extract<Value, { kind: 'number' }>;

/** Odd parts of divisors up to here leave 33 bits for the quotient. */
const shortest = 2 ** 20;

/** The number without its powers of two: 5 of 2.5. */
function oddPart(number: number): number {
  let odd = Math.abs(number);
  while (Number.isFinite(odd) && !Number.isInteger(odd)) odd *= 2;
  while (odd !== 0 && odd % 2 === 0) odd /= 2;
  return odd;
}

/** Up to here float64 counts in ones. */
const greatest = 2 ** 53;

/** Arithmetic in float64, which is pandas' own as long as whole numbers stay below 2⁵³: that is demanded. */
export class ArithmeticWriter {
  readonly #dialect: Dialect;
  readonly #demands: Demand[];

  constructor(dialect: Dialect, demands: Demand[]) {
    this.#dialect = dialect;
    this.#demands = demands;
  }

  binary(sign: Arithmetic, left: Value, right: Value): Value {
    if (left.kind === 'constant' && right.kind === 'constant') return folded(sign, left.value, right.value);
    const [one, other] = [this.#operand(left), this.#operand(right)];
    const isWhole = one.isWhole && other.isWhole;
    switch (sign) {
      case '+':
      case '-':
      case '*':
        return this.#found(`${one.sql} ${sign} ${other.sql}`, isWhole);
      case '/':
        this.#nonzero(other.sql);
        return this.#found(`${one.sql} / ${other.sql}`, false);
      case '//':
      case '%':
        return this.#divided(sign, one, other, right);
      case '**':
        return this.#power(one, right);
    }
  }

  negative(value: Value): Value {
    if (value.kind === 'constant') return folded('*', value.value, -1);
    const { sql, isWhole } = this.#operand(value);
    return { kind: 'number', sql: `(-${sql})`, isWhole };
  }

  absolute(value: Value): Value {
    if (value.kind === 'constant') return notUnderstood('`abs` of a constant');
    const { sql, isWhole } = this.#operand(value);
    return { kind: 'number', sql: bounded(`CASE WHEN ${sql} < 0 THEN -${sql} ELSE ${sql} END`), isWhole };
  }

  #divided(sign: '//' | '%', one: NumberValue, other: NumberValue, divisor: Value): Value {
    const isShort = divisor.kind === 'constant' && oddPart(Number(divisor.value)) <= shortest;
    if (!other.isWhole && !isShort) return notUnderstood(`\`${sign}\` by numbers that are not whole`);
    this.#nonzero(other.sql);
    if (!one.isWhole || !other.isWhole)
      return this.#fractionDivided(sign, one.sql, other.sql, other.isWhole ? greatest : greatest / shortest);
    const quotient = this.#dialect.double(this.#dialect.floor(`${one.sql} / ${other.sql}`));
    const found = sign === '//' ? quotient : `${one.sql} - ${quotient} * ${other.sql}`;
    return this.#found(found, true);
  }

  /**
   * Of fractions: the product of a whole quotient and a divisor of few digits is exact, and so is what it leaves, unless that is
   * as far from zero as the divisor and is rounded once, as numpy does. Only where the quotient itself was rounded up to the
   * next whole number what is left is on the other side of zero than the divisor.
   *
   * @param most the quotient, and the number itself, are below it
   */
  #fractionDivided(sign: '//' | '%', one: string, other: string, most: number): Value {
    const [limit, whole] = [most, greatest].map((end) => this.#dialect.double(this.#dialect.literal(end)));
    const ratio = `CASE WHEN ${other} <> 0 THEN ${one} / ${other} END`;
    const isSmall = `(${one} < ${whole} AND ${one} > -${whole} AND COALESCE(${ratio} < ${limit} AND ${ratio} > -${limit}, TRUE))`;
    this.#demands.push({
      broken: `COALESCE(NOT ${isSmall}, FALSE)`,
      reason: `it takes \`${sign}\` of numbers that are too large`,
    });
    const quotient = this.#dialect.double(
      `(CASE WHEN ${isSmall} AND ${other} <> 0 THEN ${this.#dialect.floor(`${one} / ${other}`)} END)`,
    );
    const left = bounded(`(${one} - ${quotient} * ${other})`);
    this.#demands.push({
      broken: `COALESCE((${other} > 0 AND ${left} < 0) OR (${other} < 0 AND ${left} > 0), FALSE)`,
      reason: `it takes \`${sign}\` of numbers that are nearly whole multiples`,
    });
    return this.#found(sign === '//' ? quotient : left, false);
  }

  #power({ sql, isWhole }: NumberValue, exponent: Value): Value {
    const times = exponent.kind === 'constant' ? exponent.value : undefined;
    if (typeof times !== 'number' || !Number.isInteger(times) || times < 1 || times > (isWhole ? 16 : 2))
      return notUnderstood('`**` with another exponent than a small whole number');
    return this.#found(Array.from({ length: times }, () => sql).join(' * '), isWhole);
  }

  #operand(value: Value): NumberValue {
    if (value.kind === 'constant') {
      if (typeof value.value !== 'number' && typeof value.value !== 'boolean')
        return notUnderstood(`arithmetic with ${called(value)}`);
      const number = Number(value.value);
      const sql = this.#dialect.double(this.#dialect.literal(number));
      return { kind: 'number', sql, isWhole: Number.isSafeInteger(number) };
    }
    if (value.kind !== 'number') return notUnderstood(`arithmetic with ${called(value)}`);
    if (value.isSingle === true) return notUnderstood('arithmetic with numbers of 32 bits');
    if (value.isWhole) this.#demandExact(value.sql);
    return { ...value, sql: `(${this.#dialect.double(value.sql)})` };
  }

  #found(sql: string, isWhole: boolean): Value {
    const whole = bounded(`(${sql})`);
    if (isWhole) this.#demandExact(whole);
    else
      this.#demands.push({
        broken: `COALESCE(${this.#dialect.isNaN(whole, 'number')}, FALSE)`,
        reason: 'its arithmetic comes to no number in some row',
      });
    return { kind: 'number', sql: whole, isWhole };
  }

  #nonzero(sql: string): void {
    this.#demands.push({ broken: `COALESCE(${sql} = 0, FALSE)`, reason: 'it divides by zero in some row' });
  }

  #demandExact(sql: string): void {
    const limit = this.#dialect.literal(greatest);
    this.#demands.push({
      broken: `COALESCE(${sql} >= ${limit} OR ${sql} <= -${limit}, FALSE)`,
      reason: 'it computes with whole numbers of 2⁵³ and more',
    });
  }
}

function folded(sign: Arithmetic, left: Constant, right: Constant): Value {
  const plain = (value: Constant): number =>
    typeof value === 'number' || typeof value === 'boolean'
      ? Number(value)
      : notUnderstood('arithmetic with something that is no number');
  const [one, other] = [plain(left), plain(right)];
  const value = { '+': one + other, '-': one - other, '*': one * other, '/': one / other }[sign as '+'] as
    | number
    | undefined;
  if (value === undefined || !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    return notUnderstood(`\`${sign}\` of two constants`);
  return { kind: 'constant', value };
}
