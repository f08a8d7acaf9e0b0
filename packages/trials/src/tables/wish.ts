import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { reachOf } from './project.ts';
import type { Field, TableSpace } from './table-space.ts';

/** Puts a category into a row, by its index. */
export function setCategory({ column, start, width }: Field, row: Float64Array, index: number): void {
  if (column.kind === 'categorical') row[start] = Math.fround(column.codes[index] as number);
  if (column.kind === 'one-hot') row.fill(0, start, start + width)[start + index] = 1;
}

/** The index of the category that a row has. */
export function categoryOf({ column, start, width }: Field, row: ArrayLike<number>): number {
  if (column.kind === 'categorical') return column.codes.findIndex((code) => Math.fround(code) === row[start]);
  for (let index = 0; index < width; index += 1) if (row[start + index] === 1) return index;
  return 0;
}

export function restore({ start, width }: Field, row: Float64Array, origin: Float32Array): void {
  for (let index = start; index < start + width; index += 1) row[index] = origin[index] as number;
}

export function isChanged({ start, width }: Field, row: ArrayLike<number>, origin: Float32Array): boolean {
  for (let index = start; index < start + width; index += 1) if (row[index] !== origin[index]) return true;
  return false;
}

/** A number anywhere in reach, or any category. */
export function randomize(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  field: Field,
  row: Float64Array,
  random: Random,
): void {
  const { column, start } = field;
  if (column.kind === 'categorical' || column.kind === 'one-hot') {
    setCategory(field, row, random.integer(column.categories.length));
    return;
  }
  const { least, greatest } = reachOf(space, ball, field, origin[start] as number);
  const value = least + random.uniform() * (greatest - least);
  row[start] = column.kind === 'integer' ? Math.round(value) : value;
}

/** Takes columns back at random, `keep` last, until the budgets of changed columns are kept. */
export function withinBudgets(
  space: TableSpace,
  origin: Float32Array,
  row: Float64Array,
  random: Random,
  keep?: Field,
): Float64Array {
  const { changes = Number.POSITIVE_INFINITY, categoryChanges = Number.POSITIVE_INFINITY } = space.declared;
  const trim = (fields: readonly Field[], budget: number): void => {
    const changed = fields.filter((field) => isChanged(field, row, origin));
    if (changed.length <= budget) return;
    const rest = random.shuffle(changed.filter((field) => field !== keep));
    const last = keep !== undefined && changed.includes(keep) ? [keep] : [];
    for (const field of [...rest, ...last].slice(0, changed.length - budget)) restore(field, row, origin);
  };
  trim(space.categories, categoryChanges);
  trim([...space.numbers, ...space.categories], changes);
  return row;
}

/** A row with every column anywhere that it may go, within the budgets. @param from what is changed */
export function randomWish(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  from: ArrayLike<number>,
  random: Random,
): Float64Array {
  const row = new Float64Array(from);
  for (const field of [...space.numbers, ...space.categories]) randomize(space, ball, origin, field, row, random);
  return withinBudgets(space, origin, row, random);
}
