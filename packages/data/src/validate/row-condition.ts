import type { Table } from '@holdfast/dataset';
import { Unanswerable } from './expectation-type.ts';
import type { Kwargs } from './kwargs.ts';

/**
 * The rows that an expectation is about, as SQL.
 *
 * @throws Unanswerable for a condition that is not understood
 */
export function rowCondition(kwargs: Kwargs, table: Table): string | undefined {
  kwargs.raw('condition_parser');
  const condition = kwargs.raw('row_condition');
  if (condition === undefined) return undefined;
  throw new Unanswerable(`its row condition about ${table.columns.length} columns is not understood`);
}
