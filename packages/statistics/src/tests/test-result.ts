/** What every test of two samples answers. */
export interface TestResult {
  readonly statistic: number;
  /** The chance, if both samples are drawn from the same, that they differ at least as much as they do: from 0 to 1. */
  readonly p: number;
}
