import type { DistanceState } from './distance.ts';
import type { RangesState } from './ranges.ts';
import type { SurpriseState } from './surprise.ts';
import type { DepthState } from './tail-depth.ts';

/** What is known of ordinary rows: plain JSON, to be stored and signed. */
export interface AnomalyState {
  readonly kind: 'anomaly/v1';
  readonly features: readonly string[];
  /** 1 for each feature that was missing in some row. */
  readonly mayBeMissing: readonly number[];
  readonly ranges: RangesState;
  readonly distance: DistanceState;
  readonly depth: DepthState;
  /** How the three scores become one: in the order above. */
  readonly surprises: readonly [SurpriseState, SurpriseState, SurpriseState];
  readonly calibration: {
    /** Part of the ordinary requests that are called anomalous, at most. */
    readonly falseAlarms: number;
    /** Held-out rows, and the greatest of their scores, in ascending order: as many as the false alarms take. */
    readonly rows: number;
    readonly greatest: readonly number[];
  };
}
