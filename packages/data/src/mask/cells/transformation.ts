import type { CellFailure } from './cell-failure.ts';

/** Text of a cell as the table writes it; null is a missing one. */
export type CellText = string | null;

/** What a method does with the cells of one column. */
export interface Transformation {
  /** Columns whose cells of the same row are read beside. */
  readonly beside: readonly string[];
  /** DuckDB's type of what comes out; that of the column where it is absent. */
  readonly type?: string;
  /** Whether a cell may come out as it went in without a word: chance, or what was asked for. */
  readonly mayStay?: true;
  /** ε of local differential privacy for one cell; absent where none is guaranteed. */
  readonly epsilon?: number;
  /** Whether a missing cell is transformed, too; it stays missing otherwise. */
  readonly takesMissing?: true;
  /**
   * @param text of a cell that is there; of a missing one, empty
   * @param beside cells of the columns in {@link Transformation.beside}, of the same row
   */
  transform(text: string, beside: readonly CellText[]): CellText | CellFailure;
}
