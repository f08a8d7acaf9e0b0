import type { Field, TableSpace } from './table-space.ts';
import { categoryOf } from './wish.ts';

/** Columns that somebody changed: those that follow from others are not among them. */
export function changedFields({ fields }: TableSpace, from: Float32Array, to: Float32Array): Field[] {
  return fields.filter(
    ({ start, width, isFree }) =>
      isFree && to.subarray(start, start + width).some((value, index) => value !== from[start + index]),
  );
}

/** What was changed and not what stood there: `age` +3, `occupation` → Sales. */
export function changeWords(space: TableSpace, from: Float32Array, to: Float32Array): string {
  const words = changedFields(space, from, to).map((field) => {
    const { column, start } = field;
    if (column.kind === 'one-hot' || column.kind === 'categorical') {
      return `\`${column.name}\` → ${column.categories[categoryOf(field, to)] ?? '?'}`;
    }
    const difference = Number(((to[start] as number) - (from[start] as number)).toPrecision(4));
    return `\`${column.name}\` ${difference > 0 ? '+' : '−'}${Math.abs(difference)}`;
  });
  return words.join(', ');
}
