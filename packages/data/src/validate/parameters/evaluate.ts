import { DataError } from '../../errors.ts';
import { type Moment, momentNow, momentOf, type Span, spanOf, spanUnits, writtenMoment } from './moment.ts';

export type Operand = number | Span | Moment;

export function refuse(why: string): never {
  throw new DataError('HF_DATA_SUITE', `a parameter of the suite cannot be worked out: ${why}`);
}

/** A value that stands for a name within an expression: GX writes it out and reads it as a number or a time again. */
export function operandOf(name: string, value: unknown): Operand {
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'string') return refuse(`\`${name}\` is no number`);
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return finite(Number(value));
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(value)?.slice(1);
  const moment = parts && momentOf(parts.map((part: string | undefined) => Number(part ?? 0)));
  return moment ?? refuse(`\`${name}\` is neither a number nor an ISO time`);
}

/** Whole numbers of Python have no end, and ours have. */
function finite(value: number): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER))
    return refuse('a number in it is too large');
  return value;
}

export function binary(sign: string, left: Operand, right: Operand): Operand {
  if (typeof left === 'number' && typeof right === 'number') return finite(numbers(sign, left, right));
  if (sign === '+' || sign === '-') {
    const sum = times(sign === '+' ? 1n : -1n, left, right);
    if (sum !== undefined) return sum;
  }
  if (
    sign === '*' &&
    typeof right === 'number' &&
    Number.isSafeInteger(right) &&
    typeof left === 'object' &&
    'span' in left
  )
    return { span: left.span * BigInt(right) };
  return refuse(`\`${sign}\` of such values`);
}

function times(sign: 1n | -1n, left: Operand, right: Operand): Operand | undefined {
  if (typeof left === 'number' || typeof right === 'number') return undefined;
  if ('span' in right) {
    const span = sign * right.span;
    return 'span' in left ? { span: left.span + span } : { moment: left.moment + span };
  }
  if (sign === -1n) return 'moment' in left ? { span: left.moment - right.moment } : undefined;
  return 'span' in left ? { moment: left.span + right.moment } : undefined;
}

function numbers(sign: string, left: number, right: number): number {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? refuse('it divides by zero') : left / right;
    default:
      // Python has complex numbers and an error here.
      if ((left < 0 && !Number.isInteger(right)) || (left === 0 && right < 0)) return refuse('`^` of such numbers');
      return left ** right;
  }
}

export function negative(value: Operand): Operand {
  if (typeof value === 'number') return -value;
  return 'span' in value ? { span: -value.span } : refuse('`-` before a time');
}

const plain: Readonly<Record<string, (value: number) => number>> = {
  ...{
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    exp: Math.exp,
    abs: Math.abs,
    trunc: Math.trunc,
    round: halfToEven,
  },
  sgn: (value) => (value < -1e-12 ? -1 : value > 1e-12 ? 1 : 0),
};

/** Arguments of a function by name, or without. */
export type Arguments = readonly (readonly [name: string | undefined, value: Operand])[];

export function called(name: string, given: Arguments): Operand {
  const values = given.map(([, value]) => (typeof value === 'number' ? value : Number.NaN));
  const names = given.map(([each]) => each);
  if (name === 'now' && given.length === 0) return momentNow(new Date());
  if (name === 'timedelta') {
    const pairs = values.map((value, index) => [names[index] ?? spanUnits[index] ?? '', value] as const);
    return spanOf(pairs) ?? refuse('`timedelta` of such arguments');
  }
  const [value] = values;
  if (names.some((each) => each !== undefined)) return refuse(`arguments of \`${name}\` by name`);
  if (name === 'datetime') return momentOf(values) ?? refuse('`datetime` of such arguments');
  const found = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (found === undefined) return refuse(`the function \`${name}\``);
  if (value === undefined || Number.isNaN(value) || values.length > 1) return refuse(`arguments of \`${name}\``);
  return finite(found(value));
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** What an expression came to, as JSON has it. */
export function jsonOf(value: Operand): number | string {
  if (typeof value === 'number') return value;
  if ('span' in value) return refuse('it comes to a span of time');
  return writtenMoment(value) ?? refuse('it comes to a time before the year 1 or after 9999');
}
