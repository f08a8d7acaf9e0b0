import type { TableColumn } from '@holdfast/dataset';
import type { Question } from './metric.ts';

/**
 * Rows of one table (not of parts) whose values of some columns are those of another row too; nothing equals nothing.
 * @param about SQL that is true for the rows that are counted; it follows from the values of the columns
 */
export function repeatedRows(
  columns: readonly TableColumn[],
  where: string | undefined,
  about: string,
): Question<number, number> {
  const values = columns.map(({ value }) => value).join(', ');
  const filter = where === undefined ? about : `(${where}) AND ${about}`;
  return {
    kind: 'question',
    key: `rows with repeated ${values} where ${filter}`,
    sql: ({ relation }) =>
      `SELECT COALESCE(sum(n), 0) FROM (SELECT count(*) AS n FROM ${relation} WHERE ${filter} GROUP BY ${values} HAVING count(*) > 1) AS a`,
    read: ([row = []]) => Number(row[0] ?? 0),
    merge: (one, other) => one + other,
    value: (state) => state,
  };
}
