import type { TableColumn } from '@holdfast/dataset';
import type { Aggregate } from './metric.ts';

/** Rows for which a condition is true. `condition` is SQL of the engine's dialect; `undefined` counts all. */
export function countWhere(condition?: string): Aggregate<number, number> {
  return {
    kind: 'aggregate',
    key: `count where ${condition ?? 'true'}`,
    expressions: () => [condition === undefined ? 'count(*)' : `count(*) FILTER (WHERE ${condition})`],
    read: ([count]) => Number(count),
    merge: (one, other) => one + other,
    value: (state) => state,
  };
}

/** Rows in which a column has a value. */
export const present = ({ value }: TableColumn, where?: string): Aggregate<number, number> =>
  countWhere(`${value} IS NOT NULL${where === undefined ? '' : ` AND (${where})`}`);
