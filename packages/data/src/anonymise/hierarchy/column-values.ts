import type { ColumnType } from '@holdfast/dataset';
import type { Label } from './hierarchy.ts';

/** The different values of a column, by code. */
export interface ColumnValues {
  readonly column: string;
  readonly type: ColumnType;
  readonly values: readonly Label[];
  /** Rows that have each. */
  readonly counts: Float64Array;
}

export const isNumeric = ({ type }: Pick<ColumnValues, 'type'>): boolean =>
  type === 'integer' || type === 'decimal' || type === 'number';
