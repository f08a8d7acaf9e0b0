import type { TableColumn } from '@holdfast/dataset';
import { countWhere } from './count.ts';
import { differentRows } from './different-rows.ts';
import type { Question } from './metric.ts';

/**
 * Rows of one table (not of parts) whose values of some columns are those of another row too; nothing equals nothing.
 * As many different rows as there are say that there are none; only where they are fewer are rows counted by their values.
 * @param about SQL that is true for the rows that are counted; it follows from the values of the columns
 */
export function repeatedRows(
  columns: readonly TableColumn[],
  where: string | undefined,
  about: string,
): Question<number, number> {
  const values = columns.map(({ value }) => value).join(', ');
  const filter = where === undefined ? about : `(${where}) AND ${about}`;
  const [all, different] = [countWhere(filter), differentRows(columns, filter)];
  return {
    kind: 'question',
    key: `rows with repeated ${values} where ${filter}`,
    after: [all, different],
    sql: ({ relation }, found) =>
      found.get(different) === 'all' || found.get(different) === found.get(all)
        ? undefined
        : `SELECT COALESCE(sum(n), 0) FROM (SELECT count(*) AS n FROM ${relation} WHERE ${filter} GROUP BY ${values} HAVING count(*) > 1) AS a`,
    read: ([row = []]) => Number(row[0] ?? 0),
    merge: (one, other) => one + other,
    value: (state) => state,
  };
}
