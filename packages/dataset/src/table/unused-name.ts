import type { Table } from './table.ts';

/**
 * A name that no column of a table begins with. PostgreSQL calls the text of a column as the column is called, and `ORDER BY` of
 * that name would then mean the text: what is selected beside an order by columns needs names of its own.
 */
export function unusedName({ columns }: Pick<Table, 'columns'>): string {
  let name = 'c';
  while (columns.some((column) => column.name.startsWith(name))) name += '_';
  return name;
}
