import type { Ball } from '../attacks/ball.ts';
import { isNumeric } from './columns.ts';
import { type RowForm, slackOf, valueOf } from './row-form.ts';
import type { Field, TableSpace } from './table-space.ts';

/** Float32 rounds: a change may look this much longer than it was, relative to itself and to the value. */
const rounding = 1e-5;

/**
 * Why a row is none that a person could submit, in words; undefined where it is one. Only what the columns file declares
 * counts here, not what the row came from.
 */
export function rowProblem(space: TableSpace, row: Float32Array): string | undefined {
  for (const field of space.fields) {
    const problem = fieldProblem(space, field, row);
    if (problem !== undefined) return `\`${field.column.name}\` ${problem}`;
  }
  for (const { at, form } of space.follows) {
    const [value, found] = [valueOf(form, row), row[at] as number];
    if (Math.abs(value - found) > rounding * (1e-6 + sizeOf(form, row)))
      return `\`${form.text}\` gives ${value}, not ${found}`;
  }
  const broken = space.orders.find((form) => !(valueOf(form, row) <= slackOf(form, row)));
  return broken === undefined ? undefined : `\`${broken.text}\` does not hold`;
}

function sizeOf({ terms, constant }: RowForm, row: Float32Array): number {
  return terms.reduce(
    (sum, { at, coefficient }) => sum + Math.abs(coefficient * (row[at] as number)),
    Math.abs(constant),
  );
}

function fieldProblem(space: TableSpace, { column, start, width }: Field, row: Float32Array): string | undefined {
  const value = row[start] as number;
  if (column.kind === 'one-hot') {
    const group = row.subarray(start, start + width);
    const isOne = group.every((each) => each === 0 || each === 1) && group.filter((each) => each === 1).length === 1;
    return isOne ? undefined : 'does not hold exactly one 1';
  }
  if (column.kind === 'categorical') {
    return column.codes.some((code) => Math.fround(code) === value) ? undefined : `holds ${value}, which is no code`;
  }
  const [low = 0, high = 0] = [space.low[start], space.high[start]];
  if (!(value >= low && value <= high)) return `holds ${value}, which is not between ${low} and ${high}`;
  return column.kind === 'integer' && !Number.isInteger(value) ? `holds ${value}, which is no whole number` : undefined;
}

/**
 * Why a row cannot come from another one within the ball and the budgets, in words; undefined where it can.
 * @param origin the row as it was
 */
export function changeProblem(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  row: Float32Array,
): string | undefined {
  const changed = space.fields.filter(({ start, width }) =>
    row.subarray(start, start + width).some((value, index) => value !== origin[start + index]),
  );
  const frozen = changed.find(({ column }) => column.immutable);
  if (frozen !== undefined) return `\`${frozen.column.name}\` is immutable`;
  const free = changed.filter(({ isFree }) => isFree);
  const parts: number[] = [];
  for (const field of free) {
    const found = moved(space, field, origin[field.start] as number, row[field.start] as number);
    if (typeof found === 'string') return found;
    parts.push(found);
  }
  const distance = normOf(parts, ball.norm);
  if (!(distance <= ball.epsilon * (1 + rounding))) return `the numbers go ${distance} far, of ${ball.epsilon}`;
  const { changes = Number.POSITIVE_INFINITY, categoryChanges = Number.POSITIVE_INFINITY } = space.declared;
  if (free.length > changes) return `${free.length} columns change`;
  const categories = free.filter(({ column }) => !isNumeric(column)).length;
  return categories > categoryChanges ? `${categories} categories change` : undefined;
}

/** How much of ε the change of a column takes, or what is wrong with it. */
function moved(space: TableSpace, { column, start }: Field, from: number, to: number): number | string {
  if (!isNumeric(column)) return 0;
  const { name, direction, change } = column;
  if (direction !== undefined && to > from !== (direction === 'up')) {
    return `\`${name}\` goes from ${from} to ${to}, and may go ${direction} only`;
  }
  const length = Math.max(0, Math.abs(to - from) - rounding * 1e-2 * Math.abs(from));
  if (change === undefined) return length / (space.scale[start] as number);
  // What has a distance of its own does not draw on ε.
  return length > change * (1 + rounding) ? `\`${name}\` goes too far` : 0;
}

function normOf(parts: readonly number[], norm: Ball['norm']): number {
  if (norm === 'l2') return Math.hypot(...parts);
  return norm === 'l1' ? parts.reduce((sum, each) => sum + each, 0) : Math.max(0, ...parts);
}
