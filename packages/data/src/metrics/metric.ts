import type { Cell, Table } from '@holdfast/dataset';

/**
 * What can be found out about a table and put together from its parts: `merge` of the states of two parts is the state of
 * the whole, bit for bit, so that shards, passes and engines give the same numbers. States hold whole numbers, extremes and
 * sets, never a sum of float64, which depends on the order.
 */
interface Mergeable<State, Value> {
  /** Two metrics of one key are the same question, which is asked once. */
  readonly key: string;
  /** What has to be known before it can be asked. */
  readonly after?: readonly AnyMetric[];
  merge(one: State, other: State): State;
  value(state: State, found: Found): Value;
}

/** Some columns of the one SELECT that is asked of a table in a pass. */
export interface Aggregate<State, Value> extends Mergeable<State, Value> {
  readonly kind: 'aggregate';
  /** Aggregate expressions. */
  expressions(table: Table, found: Found): readonly string[];
  /** From one cell for each expression. */
  read(cells: readonly Cell[]): State;
}

/** A SELECT of its own: groups, orders, rows. Its writer bounds how many rows it gives. */
export interface Question<State, Value> extends Mergeable<State, Value> {
  readonly kind: 'question';
  sql(table: Table, found: Found): string;
  read(rows: readonly (readonly Cell[])[]): State;
}

/** Computed from others; asks nothing. */
export interface Derived<Value> {
  readonly kind: 'derived';
  readonly key: string;
  readonly after: readonly AnyMetric[];
  value(found: Found): Value;
}

// A list of metrics does not say what each one keeps to itself.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Metric<Value, State = any> = Aggregate<State, Value> | Question<State, Value> | Derived<Value>;
export type AnyMetric = Metric<unknown>;

/** What was found out. */
export interface Found {
  /** @throws Error if the metric was not asked for, which is a mistake in a check. */
  get<Value>(metric: Metric<Value>): Value;
}
