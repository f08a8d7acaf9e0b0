/**
 * What has to hold in the whole table, or a condition means something else in pandas, which then throws or computes with
 * other numbers.
 */
export interface Demand {
  /** SQL that is true for a row in which it does not hold. */
  readonly broken: string;
  /** `it needs `active`, which has missing values` */
  readonly reason: string;
}
