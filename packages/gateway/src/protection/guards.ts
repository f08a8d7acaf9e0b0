import type { InferenceResponse } from '../protocols/inference.ts';
import type { FeatureReference } from '../watch/feature-reference.ts';
import type { InputProtection, OutputProtection, ProtectionMode } from './protection.ts';

/** A protection, and whether what it says counts. */
export interface Placed<Protection> {
  readonly protection: Protection;
  readonly mode: Exclude<ProtectionMode, 'off'>;
}

/** What looks at the requests and answers of one model. */
export interface Guards {
  readonly inputs: readonly Placed<InputProtection>[];
  readonly outputs: readonly Placed<OutputProtection>[];
  /** What the training data of the model hold, to be compared with what is asked. */
  readonly references?: readonly FeatureReference[];
  /** What becomes of an answer before the caller sees it. */
  readonly harden?: (response: InferenceResponse) => InferenceResponse;
}

export const unguarded: Guards = { inputs: [], outputs: [] };
