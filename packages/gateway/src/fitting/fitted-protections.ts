import type { AnomalyState } from '../protection/anomaly/anomaly-state.ts';
import type { EvasionState } from '../protection/evasion/fingerprint.ts';
import type { ExtractionState } from '../protection/extraction/extraction-state.ts';
import type { FeatureSource } from '../protection/features.ts';

/** The first thing in the file, so that no other file is taken for one. */
export const fittedKind = 'fitted-protections/v1';

/** What was learnt for one model from data like those it was trained on: a file of plain JSON, whose evidence is its provenance. */
export interface FittedProtections {
  readonly kind: typeof fittedKind;
  /** Digest of the model that it is for: `sha256:…`. */
  readonly model: string;
  /** Where features stand in requests, in the order of the states. */
  readonly sources: readonly FeatureSource[];
  /** The output whose scores were weighed, and what they are. */
  readonly output: { readonly name: string; readonly holds: 'probabilities' | 'logits' };
  readonly anomaly: AnomalyState;
  /** Absent where ordinary rows are so much alike that variations could not be told from them. */
  readonly evasion?: EvasionState;
  readonly extraction: ExtractionState;
}
