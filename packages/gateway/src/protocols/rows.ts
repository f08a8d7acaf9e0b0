import type { NamedTensor } from './inference.ts';

/** Rows of a batch: the longest first dimension; 1 for scalars, and for batches without a row. */
export function rowsOf(tensors: readonly NamedTensor[]): number {
  let rows = 1;
  for (const { shape } of tensors) rows = Math.max(rows, shape[0] ?? 1);
  return rows;
}
