import type { Dialect } from '@holdfast/dataset';
import { decimalBound } from './decimal-bound.ts';
import { momentLiteral } from './moment.ts';
import { notUnderstood } from './not-understood.ts';
import type { Comparison, Constant } from './syntax.ts';
import { called, type Value } from './value.ts';

type Order = '<' | '<=' | '>' | '>=';
const mirrored: Readonly<Record<Order, Order>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Two values compared as pandas does: with a missing value only `!=` is true. The SQL is never NULL. */
export function compared(dialect: Dialect, sign: Comparison, left: Value, right: Value): string {
  if (sign === '!=' || sign === 'not in') return `NOT ${compared(dialect, sign === '!=' ? '==' : 'in', left, right)}`;
  if (isScalar(left) && isScalar(right)) return notUnderstood('two constants are compared');
  if (sign === 'in' || left.kind === 'list' || right.kind === 'list') return membership(dialect, sign, left, right);
  if (left.kind === 'constant') {
    const turned = sign === '==' ? sign : mirrored[sign];
    return compared(dialect, turned, right, left);
  }
  const holds = sign === '==' ? equal(dialect, left, right) : ordered(dialect, sign, left, right);
  return `COALESCE(${holds}, FALSE)`;
}

const isScalar = ({ kind }: Value): boolean => kind === 'constant' || kind === 'list';

/** `==` with a list is `in`, and a text is a list of itself; it does not matter on which side the list is. */
function membership(dialect: Dialect, sign: Comparison, left: Value, right: Value): string {
  const [list, value] = isScalar(right) ? [right, left] : [left, right];
  if (sign !== 'in' && sign !== '==') return notUnderstood(`\`${sign}\` with a list`);
  const isOneText = list.kind === 'constant' && typeof list.value === 'string';
  if (list.kind !== 'list' && !isOneText) return notUnderstood(`\`in\` with ${called(list)}`);
  const items = list.kind === 'list' ? list.items : [list.value];
  if (items.length === 0) return 'FALSE';
  const each = items.map((item) => member(dialect, value, item, items));
  return `COALESCE(${each.map((one) => `COALESCE(${one}, FALSE)`).join(' OR ')}, FALSE)`;
}

/** None is a missing text; among numbers it is nothing. */
function member(dialect: Dialect, value: Value, item: Constant, items: readonly Constant[]): string {
  if (item !== null) {
    if (value.kind === 'number' && value.isSingle === true && item !== Math.fround(Number(item)))
      return notUnderstood('numbers of 32 bits in a list of others');
    return equal(dialect, value, { kind: 'constant', value: item });
  }
  if (value.kind === 'text') return `${value.sql} IS NULL`;
  const isAmongNumbers = value.kind === 'number' && items.some((each) => typeof each === 'number');
  return isAmongNumbers ? 'FALSE' : notUnderstood(`None in a list that ${called(value)} is looked for in`);
}

export function sqlOf(value: Value): string {
  if (value.kind === 'constant' || value.kind === 'list')
    return notUnderstood(`${called(value)} in the place of a column`);
  return value.sql;
}

function equal(dialect: Dialect, left: Value, right: Value): string {
  if (left.kind === 'opaque' || right.kind === 'opaque') return notUnderstood(`${called(left)} is compared`);
  if (right.kind === 'constant') return equalConstant(dialect, left, right.value);
  if (left.kind === right.kind && left.kind !== 'time') return `${sqlOf(left)} = ${sqlOf(right)}`;
  if (areOfOneType(left, right)) return `${sqlOf(left)} = ${sqlOf(right)}`;
  return notUnderstood(`${called(left)} is compared with ${called(right)}`);
}

function equalConstant(dialect: Dialect, left: Value, value: Constant): string {
  if (value === null) return 'FALSE';
  switch (left.kind) {
    case 'number':
      return typeof value === 'string' ? 'FALSE' : `${left.sql} = ${numberLiteral(dialect, left, value)}`;
    case 'decimal': {
      if (typeof value === 'string') return 'FALSE';
      const { floor, isExact } = decimalBound(Number(value), left.scale);
      return isExact ? `${left.sql} = ${decimalLiteral(floor)}` : 'FALSE';
    }
    case 'text':
      return typeof value === 'string' ? `${left.sql} = ${dialect.literal(value)}` : 'FALSE';
    case 'time':
      if (typeof value !== 'string') return 'FALSE';
      return `${left.sql} = ${momentLiteral(dialect, left.column, value)}`;
    case 'truth':
      if (value === true || value === 1) return `(${left.sql})`;
      return value === false || value === 0 ? `NOT (${left.sql})` : 'FALSE';
    case 'constant':
    case 'list':
    case 'opaque':
      return notUnderstood(`${called(left)} is compared`);
  }
}

function ordered(dialect: Dialect, sign: Order, left: Value, right: Value): string {
  if (right.kind === 'constant') return orderedConstant(dialect, sign, left, right.value);
  const isFine =
    (left.kind === right.kind && (left.kind === 'number' || left.kind === 'text')) || areOfOneType(left, right);
  if (isFine) return `${sqlOf(left)} ${sign} ${sqlOf(right)}`;
  return notUnderstood(`${called(left)} is compared with ${called(right)}`);
}

function orderedConstant(dialect: Dialect, sign: Order, left: Value, value: Constant): string {
  if (left.kind === 'number' && value !== null && typeof value !== 'string')
    return `${left.sql} ${sign} ${numberLiteral(dialect, left, value)}`;
  if (left.kind === 'decimal' && value !== null && typeof value !== 'string')
    return orderedDecimal(sign, left.sql, decimalBound(Number(value), left.scale));
  if (left.kind === 'text' && typeof value === 'string') return `${left.sql} ${sign} ${dialect.literal(value)}`;
  if (left.kind === 'time' && typeof value === 'string')
    return `${left.sql} ${sign} ${momentLiteral(dialect, left.column, value)}`;
  return notUnderstood(`${called(left)} is compared with ${called({ kind: 'constant', value })}`);
}

/** A decimal that is above the largest one below a number is above the number, and the other way round. */
function orderedDecimal(sign: Order, sql: string, { floor, isExact }: ReturnType<typeof decimalBound>): string {
  const inexact: Order = sign === '<' || sign === '<=' ? '<=' : '>';
  return `${sql} ${isExact ? sign : inexact} ${decimalLiteral(floor)}`;
}

/** Engines have 38 digits. */
const decimalLiteral = (digits: string): string =>
  digits.length <= 38 ? digits : notUnderstood('a decimal is compared with a number of more than 38 digits');

/** Whole numbers beyond 2⁶³ are float64 to pandas too, and what is compared with float32 is made one. */
function numberLiteral(
  dialect: Dialect,
  { isSingle }: Extract<Value, { kind: 'number' }>,
  value: boolean | number | bigint,
): string {
  if (isSingle === true) return dialect.literal(Math.fround(Number(value)));
  if (typeof value === 'boolean') return dialect.literal(value ? 1 : 0);
  if (typeof value === 'bigint') return dialect.literal(BigInt.asIntN(64, value) === value ? value : Number(value));
  return dialect.literal(value);
}

function areOfOneType(left: Value, right: Value): boolean {
  if (left.kind !== 'time' || right.kind !== 'time') return false;
  return left.column.type === right.column.type && left.column.native === right.column.native;
}
