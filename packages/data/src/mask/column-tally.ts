import { DataError } from '../errors.ts';
import { CellFailure, type FailureReason, failureReasons } from './cells/cell-failure.ts';
import type { CellText } from './cells/transformation.ts';
import type { BoundColumn } from './plan/bound-plan.ts';

/** What becomes of the cells of one column, and how many went which way. */
export class ColumnTally {
  readonly column: BoundColumn;
  changed = 0;
  unchanged = 0;
  missing = 0;
  readonly failed = new Map<FailureReason, number>();

  constructor(column: BoundColumn) {
    this.column = column;
  }

  /** Cells that could not be transformed. */
  get failures(): number {
    return [...this.failed.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * @param row number of the row, from 1
   * @throws DataError HF_DATA_MASK_CELL
   */
  made(text: CellText, beside: readonly CellText[], row: number): CellText {
    const { transformation } = this.column;
    if (text === null && transformation.takesMissing !== true) {
      this.missing += 1;
      return null;
    }
    const made = transformation.transform(text ?? '', beside);
    if (made instanceof CellFailure) return this.#failed(made.reason, row);
    if (text === null && made === null) this.missing += 1;
    else if (made === text) this.unchanged += 1;
    else this.changed += 1;
    return made;
  }

  #failed(reason: FailureReason, row: number): null {
    const { name, onFailure, method } = this.column;
    if (onFailure === 'fail') {
      const message = `row ${row} of \`${name}\` ${failureReasons[reason]} for \`${method}\``;
      throw new DataError('HF_DATA_MASK_CELL', message, { where: name });
    }
    this.failed.set(reason, (this.failed.get(reason) ?? 0) + 1);
    return null;
  }
}
