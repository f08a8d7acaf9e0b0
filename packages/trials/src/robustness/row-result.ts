import type { RowOutcome } from './evaluate.ts';

/** What a trial found out about one row. What it did not look for is absent. */
export interface RowResult extends RowOutcome {
  /** In the file, from 0. */
  readonly row: number;
  readonly label: number;
  /**
   * The length of the smallest change that any attack found, in the norm of the threat; absent where none found any,
   * and where the row was wrong from the start.
   */
  readonly least?: number;
  /** One step of the size of the ball breaks it. */
  readonly oneStep?: boolean;
  /** Whether projected gradient descent alone breaks it, at each of the radii. */
  readonly at?: readonly boolean[];
  /** The gradient of the margin is zero, or no number. */
  readonly blank?: boolean;
}

/** Whether the model is right about the sample as it is. */
export const isRight = ({ clean, label }: RowResult): boolean => clean === label;

/** Whether it is still right after every attack of the suite. */
export const withstands = (row: RowResult): boolean => isRight(row) && row.brokenBy === undefined;
