import type { RangeCoverage } from './ranges.ts';
import type { ReferenceCoverage } from './reference-coverage.ts';
import type { SliceCoverage } from './slice-coverage.ts';

/** Everything that was counted. */
export interface Covered {
  readonly rows: number;
  readonly slices: readonly SliceCoverage[];
  readonly ranges: readonly RangeCoverage[];
  readonly held: ReferenceCoverage | undefined;
}

/** What it is judged by, and what may be shown. */
export interface Judged {
  readonly min: number;
  readonly minCovered: number;
  /** Whether values of rows may be shown. */
  readonly isShown: boolean;
}
