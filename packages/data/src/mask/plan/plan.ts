import type { MethodName } from '../methods/methods.ts';

/** What a cell that cannot be transformed becomes: missing; or the whole operation fails. It never passes as it is. */
export type OnFailure = 'redact' | 'fail';

/** What a plan says of one column. */
export interface ColumnPlan {
  readonly method: MethodName;
  /** What the method's schema admits, with what is so unless it is said. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly onFailure: OnFailure;
}

/** What is to be done with a table, column by column. */
export interface Plan {
  readonly columns: ReadonlyMap<string, ColumnPlan>;
  /** What becomes of columns that the plan does not name; it is refused where they are not spoken of. */
  readonly others: 'refuse' | 'keep' | 'drop' | 'redact';
  readonly onFailure: OnFailure;
  /** The id that the key must have. */
  readonly keyId?: string;
}
