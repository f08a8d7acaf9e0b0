import type { Dialect } from '../dialect/dialect.ts';

/**
 * A value as every engine hands it out: whole numbers beyond 2⁵³ as `bigint`; decimals, dates, times and timestamps as the
 * text that {@link Dialect.text} writes.
 */
export type Cell = null | boolean | number | bigint | string;

/** Runs the SQL that its dialect wrote. */
export interface Engine {
  readonly dialect: Dialect;
  /**
   * All rows of a query that its writer has bounded.
   * @throws DatasetError HF_DATASET_QUERY
   */
  rows(sql: string): Promise<Cell[][]>;
  /**
   * Some thousand rows at a time, as columns.
   * @throws DatasetError HF_DATASET_QUERY
   */
  stream(sql: string): AsyncGenerator<Cell[][]>;
  /**
   * How many rows there are, where no two of them have the same values; undefined where that is not found out: two have, or there
   * are too many. Rows are told apart by 64 bits of a hash: where all hashes differ, all values do. An engine without it has to
   * group its rows.
   * @param values SQL expressions
   * @param source what stands after FROM
   * @throws DatasetError HF_DATASET_QUERY
   */
  rowsIfDifferent?(values: readonly string[], source: string): Promise<number | undefined>;
  /** Ends the connection and removes what was kept on disk. */
  close(): Promise<void>;
}
