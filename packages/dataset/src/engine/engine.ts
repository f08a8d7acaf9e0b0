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
  /** Ends the connection and removes what was kept on disk. */
  close(): Promise<void>;
}
