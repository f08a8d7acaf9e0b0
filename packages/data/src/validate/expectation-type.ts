import type { Table, TableColumn } from '@holdfast/dataset';
import type { AnyMetric, Found } from '../metrics/metric.ts';
import type { Kwargs } from './kwargs.ts';

/** What an expectation is held against. */
export interface Scene {
  /** Parts of one table, of the same columns, in engines of one kind. */
  readonly tables: readonly [Table, ...Table[]];
  /** SQL that is true for the rows that the expectation is about; absent where it is about all. */
  readonly where?: string;
  readonly signal: AbortSignal;
  /** What the table is called in queries. */
  readonly name: string;
  /** Other tables that an expectation may name. */
  readonly others: ReadonlyMap<string, Table>;
  /** A column of the table. @throws Unanswerable if there is none */
  column(name: string): TableColumn;
}

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What came out; the names of the parts are those of GX. */
export interface Outcome {
  readonly success: boolean;
  readonly observed?: Json;
  /** Of an expectation about single values: rows that it is about, those without a value, those that it does not hold for. */
  readonly counts?: { readonly elements: number; readonly missing: number; readonly unexpected: number };
  /** SQL that is true for the rows that it does not hold for, and the columns whose values show why. */
  readonly unexpected?: { readonly where: string; readonly columns: readonly TableColumn[] };
}

/** One expectation, ready to be measured together with others. */
export interface Prepared {
  readonly metrics: readonly AnyMetric[];
  /** @throws Unanswerable where the data do not let it be said */
  judge(found: Found): Outcome | Promise<Outcome>;
}

/** A type of expectation, by its name in Great Expectations. */
export interface ExpectationType {
  readonly name: string;
  /** @throws Unanswerable, e.g. for a column that is not there; DataError HF_DATA_SUITE for kwargs that cannot be */
  prepare(kwargs: Kwargs, scene: Scene): Prepared;
}

/** Why an expectation was neither met nor missed: its verdict is `unknown`. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable';
}
