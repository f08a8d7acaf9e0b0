import { copiedTable, type Table } from '@holdfast/dataset';
import { RowHasher, type RowTree } from '../metrics/merkle.ts';
import { keyOrder } from '../profile/row-digest.ts';
import { rowText } from '../profile/row-text.ts';
import type { GivenTableOptions } from '../table-options.ts';

/**
 * The rows of a table of a database in DuckDB, and the Merkle tree over the very rows that were copied: both come of one walk.
 *
 * @returns nothing where the rows have no order
 */
export async function copyOf(
  table: Table,
  { memory, threads }: Pick<GivenTableOptions, 'memory' | 'threads'>,
  signal: AbortSignal,
): Promise<{ readonly copy: Table; readonly tree: RowTree } | undefined> {
  const order = keyOrder(table);
  if (order === undefined) return undefined;
  const hasher = new RowHasher();
  const copy = await copiedTable(table, {
    ...{ order, signal },
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
    beside: {
      expression: rowText(table),
      take: (texts) => {
        for (const text of texts) hasher.add(String(text));
      },
    },
  });
  return { copy, tree: hasher.finish() };
}
