import type { TableRule } from './linear-form.ts';

interface AnyColumn {
  readonly name: string;
  /** Nobody can change it. */
  readonly immutable: boolean;
  /** The input of the model that takes it; undefined: its only one, or the one of the same name. `false`: none does. */
  readonly input: string | false | undefined;
}

/** A column of numbers. */
export interface NumericColumn extends AnyColumn {
  readonly kind: 'numeric' | 'integer';
  /** What the data show unless said. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** The farthest that it may go, in its own unit, in place of ε times its scale. */
  readonly change: number | undefined;
  /** It may only grow, or only shrink. */
  readonly direction: 'up' | 'down' | undefined;
}

/** A column that holds the code of one value out of a list: its index, or a number of its own. */
export interface CategoricalColumn extends AnyColumn {
  readonly kind: 'categorical';
  readonly categories: readonly string[];
  /** [categories] */
  readonly codes: readonly number[];
  /** The file holds the codes themselves, and no texts. */
  readonly isCoded: boolean;
}

/** Zeros and exactly one 1. */
export interface OneHotColumn extends AnyColumn {
  readonly kind: 'one-hot';
  readonly categories: readonly string[];
  /** The columns of the file that hold them; undefined where the file has one column with the categories as texts. */
  readonly columns: readonly string[] | undefined;
}

export type TableColumn = NumericColumn | CategoricalColumn | OneHotColumn;

/** What may stand in a row of a table, and what of it somebody can change. */
export interface TableColumns {
  /** What ε is measured in: each column's standard deviation, its range, or its own unit. */
  readonly scale: 'deviation' | 'range' | 'unit';
  /** At most so many columns change, those that follow by a rule not counted. */
  readonly changes: number | undefined;
  /** Of these at most so many categories. */
  readonly categoryChanges: number | undefined;
  /** In the order in which the model takes them. */
  readonly columns: readonly TableColumn[];
  readonly rules: readonly TableRule[];
}

export function isNumeric(column: TableColumn): column is NumericColumn {
  return column.kind === 'numeric' || column.kind === 'integer';
}
