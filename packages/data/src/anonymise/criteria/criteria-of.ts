import { DataError } from '../../errors.ts';
import { type ColumnValues, isNumeric } from '../hierarchy/column-values.ts';
import { type Declarations, hierarchyFor } from '../hierarchy/declared.ts';
import type { AnonymiseOptions } from '../options.ts';
import type { CodedColumn } from '../read-columns.ts';
import { closeness, type Distance, equalDistance, hierarchicalDistance, orderedDistance } from './closeness.ts';
import { anonymity, type Criterion } from './criterion.ts';
import { diversity } from './diversity.ts';

/** What is asked for, of the classes. @throws DataError HF_DATA_OPTIONS */
export function criteriaOf(
  { k, l, diversity: kind, c, t, distance }: AnonymiseOptions,
  sensitive: readonly CodedColumn[],
  declarations: Declarations,
): readonly Criterion[] {
  for (const [option, value] of Object.entries({ l, t })) {
    if (value === undefined || sensitive.length > 0) continue;
    throw new DataError('HF_DATA_OPTIONS', `\`${option}\` guards sensitive columns, and none is named`, {
      where: 'sensitive',
    });
  }
  if (l !== undefined && kind !== 'entropy' && !Number.isInteger(l)) {
    throw new DataError('HF_DATA_OPTIONS', '`l` is a whole number, except of entropy', { where: 'l' });
  }
  const lk = l === undefined ? [] : sensitive.map(({ column }, at) => diversity(column, at, { kind, l, c }));
  const tk =
    t === undefined
      ? []
      : sensitive.map((each, at) => closeness(each.column, at, t, distance, distanceOf(distance, each, declarations)));
  return [anonymity(k), ...lk, ...tk];
}

/** How far a class is from the whole table. */
export function distanceOf(
  kind: AnonymiseOptions['distance'],
  column: CodedColumn,
  declarations: Declarations,
): Distance {
  if (kind === 'equal') return equalDistance(column.counts);
  if (kind === 'ordered') return orderedDistance(column.counts);
  return hierarchicalDistance(column.counts, hierarchyFor(column, declarations));
}

/**
 * A column whose codes ascend with its values: numbers by size, dates by time, texts as `order` declares them; a missing value comes
 * first.
 *
 * @throws DataError HF_DATA_OPTIONS for texts without an order
 */
export function inOrder(column: CodedColumn, { columns }: Declarations): CodedColumn {
  const order = columns.get(column.column)?.order;
  const place = order === undefined ? naturalPlace(column) : declaredPlace(column, order);
  const sorted = column.values.map((_, code) => code).sort((one, other) => compared(column, one, other, place));
  const codeOf = new Int32Array(sorted.length);
  for (const [at, code] of sorted.entries()) codeOf[code] = at;
  return {
    ...column,
    values: sorted.map((code) => column.values[code] ?? null),
    counts: Float64Array.from(sorted, (code) => column.counts[code] ?? 0),
    codes: column.codes.map((code) => codeOf[code] ?? 0),
  };
}

type Place = (value: string) => number | string;

function compared({ values }: ColumnValues, one: number, other: number, place: Place): number {
  const [first = null, second = null] = [values[one], values[other]];
  if (first === null || second === null) return Number(first !== null) - Number(second !== null);
  const [low, high] = [place(first), place(second)];
  return low < high ? -1 : Number(low > high);
}

function naturalPlace(column: CodedColumn): Place {
  if (isNumeric(column)) return Number;
  if (column.type === 'date' || column.type === 'timestamp' || column.type === 'time' || column.type === 'boolean') {
    return (value) => value;
  }
  throw new DataError('HF_DATA_OPTIONS', `the values of \`${column.column.slice(0, 200)}\` have no order`, {
    ...{
      where: 'distance',
      fix: 'declare their `order` in the file that `hierarchies` names, or use another distance',
    },
  });
}

function declaredPlace({ column, values }: CodedColumn, order: readonly string[]): Place {
  const places = new Map(order.map((value, at) => [value, at]));
  const unknown = values.filter((value) => value !== null && !places.has(value)).length;
  if (unknown === 0) return (value) => places.get(value) ?? 0;
  const message = `the order of \`${column.slice(0, 200)}\` lacks ${unknown} of its ${values.length} values`;
  throw new DataError('HF_DATA_OPTIONS', message, { where: 'hierarchies' });
}
