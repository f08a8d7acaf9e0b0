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
  /** What may spare the question: where it is asked anyway, it is asked before. */
  readonly eased?: readonly AnyMetric[];
  merge(one: State, other: State): State;
  value(state: State, found: Found): Value;
}

/** Some columns of the one SELECT that is asked of a table in a pass. */
export interface Aggregate<State, Value> extends Mergeable<State, Value> {
  readonly kind: 'aggregate';
  /** What its expressions are made of, which is worked out once for each row. */
  shared?(table: Table, found: Found): string | undefined;
  /** Aggregate expressions. `shared` is what is shared, as a column. */
  expressions(table: Table, found: Found, shared: string): readonly string[];
  /** From one cell for each expression. */
  read(cells: readonly Cell[]): State;
}

/** A SELECT of its own: groups, orders, rows. Its writer bounds how many rows it gives. */
export interface Question<State, Value> extends Mergeable<State, Value> {
  readonly kind: 'question';
  /** Nothing where what was found out already answers it: `read` is given no rows then. */
  sql(table: Table, found: Found): string | undefined;
  read(rows: readonly (readonly Cell[])[], found: Found): State;
}

/** Computed from others; asks nothing. */
export interface Derived<Value> {
  readonly kind: 'derived';
  readonly key: string;
  readonly after: readonly AnyMetric[];
  readonly eased?: undefined;
  value(found: Found): Value;
}

// A list of metrics does not say what each one keeps to itself.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Metric<Value, State = any> = Aggregate<State, Value> | Question<State, Value> | Derived<Value>;
export type AnyMetric = Metric<unknown>;

/** What was found out. */
export interface Found {
  /** Of how many parts the table is. */
  readonly parts: number;
  /** @throws Error if the metric was not asked for, which is a mistake in a check. */
  get<Value>(metric: Metric<Value>): Value;
  /** Whether a metric was asked for, and is known by now. */
  has(metric: AnyMetric): boolean;
}
