import type { InferenceResponse } from '../protocols/inference.ts';
import type { FeatureReference } from '../watch/feature-reference.ts';
import type { InputProtection, OutputProtection, ProtectionMode } from './protection.ts';
import type { Standings } from './response/standings.ts';

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
  /** The same for callers who are told less. */
  readonly hardenMore?: (response: InferenceResponse) => InferenceResponse;
  /** What becomes of callers whose requests are judged again and again; outlives the guards. */
  readonly standings?: Standings;
}

export const unguarded: Guards = { inputs: [], outputs: [] };
