import type { Ball } from '../attacks/ball.ts';
import { isNumeric } from './columns.ts';
import { type Field, type RowForm, slackOf, type TableSpace, valueOf } from './table-space.ts';

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
  let [total, changes, categories] = [0, 0, 0];
  for (const { column, start, width, isFree } of space.fields) {
    const isChanged = row.subarray(start, start + width).some((value, index) => value !== origin[start + index]);
    if (!isChanged) continue;
    if (column.immutable) return `\`${column.name}\` is immutable`;
    if (!isFree) continue;
    changes += 1;
    if (!isNumeric(column)) {
      categories += 1;
      continue;
    }
    const [from, to] = [origin[start] as number, row[start] as number];
    if (column.direction !== undefined && to > from !== (column.direction === 'up')) {
      return `\`${column.name}\` goes from ${from} to ${to}, and may go ${column.direction} only`;
    }
    const scale = space.scale[start] as number;
    const room = rounding * Math.abs(from) * 1e-2;
    const length = Math.max(0, Math.abs(to - from) - room);
    if (column.change !== undefined && length > column.change * (1 + rounding))
      return `\`${column.name}\` goes too far`;
    // What has a distance of its own does not draw on ε.
    if (column.change !== undefined) continue;
    const part = length / scale;
    total = ball.norm === 'linf' ? Math.max(total, part) : total + (ball.norm === 'l1' ? part : part * part);
  }
  const { declared } = space;
  const distance = ball.norm === 'l2' ? Math.sqrt(total) : total;
  if (!(distance <= ball.epsilon * (1 + rounding))) return `the numbers go ${distance} far, of ${ball.epsilon}`;
  if (changes > (declared.changes ?? Number.POSITIVE_INFINITY)) return `${changes} columns change`;
  if (categories > (declared.categoryChanges ?? Number.POSITIVE_INFINITY)) return `${categories} categories change`;
  return undefined;
}
