import type { Cell, TableColumn } from '@holdfast/dataset';
import type { Aggregate } from '../../metrics/metric.ts';
import { among, isNumeric } from '../columns.ts';
import { type ExpectationType, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';

/** The smallest or the largest value: a number, or the text of a date or a text. */
function extreme(column: TableColumn, end: 'min' | 'max'): Aggregate<Cell, Cell> {
  return {
    kind: 'aggregate',
    key: `${end} of ${column.value}`,
    expressions: ({ engine: { dialect } }) => {
      if (column.type === 'boolean') return [`${end}(${dialect.text(column.value, column.type)})`];
      const value = `${end}(${column.value})`;
      return [isNumeric(column) ? dialect.double(value) : dialect.text(value, column.type)];
    },
    read: ([value = null]) => value,
    merge(one, other) {
      if (one === null || other === null) return one ?? other;
      return compare(one, other) <= 0 === (end === 'min') ? one : other;
    },
    value: (state) => state,
  };
}

/** Numbers by size, texts by code points, which is the order of their UTF-8 bytes. */
function compare(one: Cell, other: Cell): number {
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return size(one) - size(other);
}

/** Booleans come as texts, since engines do not all know the smallest of them. */
const size = (value: Cell): number => (value === 'true' ? 1 : value === 'false' ? 0 : Number(value));

const extremeBetween = (name: string, end: 'min' | 'max'): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    if (column.type === 'nested' || column.type === 'bytes') throw new Unanswerable(`\`${column.name}\` has no order`);
    const ends = endsOf(kwargs, column);
    const found = extreme(among(column, scene.where), end);
    return {
      metrics: [found],
      judge(all) {
        const value = all.get(found);
        if (value === null) return { success: false, observed: null };
        return {
          success: ends.every((fits) => fits(value)),
          observed: typeof value === 'bigint' ? Number(value) : value,
        };
      },
    };
  },
});

function endsOf(kwargs: Kwargs, column: TableColumn): ((value: Cell) => boolean)[] {
  const [least, greatest] = [kwargs.raw('min_value'), kwargs.raw('max_value')];
  const [above, below] = [kwargs.flag('strict_min') ? 1 : 0, kwargs.flag('strict_max') ? 1 : 0];
  kwargs.raw('parse_strings_as_datetimes');
  return [
    ...(least === undefined ? [] : [(value: Cell) => compare(value, endOf(least, column)) >= above]),
    ...(greatest === undefined ? [] : [(value: Cell) => compare(value, endOf(greatest, column)) <= -below]),
  ];
}

function endOf(end: unknown, column: TableColumn): Cell {
  if ((isNumeric(column) || column.type === 'boolean') && typeof end === 'number') return end;
  if (column.type === 'text' && typeof end === 'string') return end;
  if (column.type === 'date' && typeof end === 'string') return end;
  if (column.type === 'timestamp' && typeof end === 'string') return end.replace('T', ' ');
  throw new Unanswerable(
    `values of \`${column.name}\` (${column.type}) cannot be compared with ${JSON.stringify(end)}`,
  );
}

export const extremeExpectations: readonly ExpectationType[] = [
  extremeBetween('expect_column_min_to_be_between', 'min'),
  extremeBetween('expect_column_max_to_be_between', 'max'),
];
