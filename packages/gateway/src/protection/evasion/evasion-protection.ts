import type { Caller } from '../../callers/caller.ts';
import { GatewayError } from '../../errors.ts';
import type { InferenceRequest } from '../../protocols/inference.ts';
import { type FeatureSource, featureReader } from '../features.ts';
import type { InputProtection, Judgement } from '../protection.ts';
import { type EvasionState, fingerprinter } from './fingerprint.ts';
import { countVariation, type QueryHistory, queryHistory, wasAsked } from './query-history.ts';

export interface EvasionOptions {
  /** Where the features of the state stand in requests, in its order. */
  readonly sources: readonly FeatureSource[];
  /** Variations of one row that may be asked before it is called a search; 50 unless told otherwise. */
  readonly mostVariations?: number;
  /** Whose questions are looked at together: of one tenant unless told otherwise. One name for all finds a search that many callers share. */
  readonly cohort?: (caller: Caller) => string;
  /** Cohorts that are remembered; 2,000 unless told otherwise. */
  readonly mostCohorts?: number;
  /** After so long without a question a cohort is forgotten, 6 h unless told otherwise. */
  readonly idleMs?: number;
}

/**
 * Speaks about callers who ask for many rows that are nearly, but not quite, the same: what all searches for an adversarial input by questions do.
 * Asking again exactly the same counts for nothing.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for other features than the state's
 */
export function evasionProtection(state: EvasionState, options: EvasionOptions): InputProtection {
  const { sources, mostVariations = 50, cohort = ({ tenant }: Caller) => tenant, mostCohorts = 2000 } = options;
  if (sources.length !== state.features.length || sources.some(({ feature }, at) => feature !== state.features[at])) {
    throw new GatewayError(
      'HF_GATEWAY_CONFIGURATION',
      'the evasion state was fitted to other features than the model takes',
    );
  }
  const prints = fingerprinter(state);
  const histories = boundedHistories(mostCohorts, options.idleMs ?? 21_600_000, () => queryHistory(prints));
  const reader = featureReader(sources);
  const row = new Float64Array(sources.length);
  const words = new Uint32Array(row.buffer);
  const fingerprint = new Uint32Array(prints.parts);
  return {
    name: 'evasion',
    judge(request: InferenceRequest, caller: Caller, nowMs: number): Judgement | undefined {
      if (!reader.open(request)) return said('unreadable', 'the features are not where the model takes them', 0, 0);
      const history = histories(cohort(caller), nowMs);
      let most = 0;
      for (let index = 0; index < request.rows; index += 1) {
        reader.read(index, row);
        if (wasAsked(history, words)) continue;
        prints.write(row, fingerprint);
        most = Math.max(most, countVariation(history, prints, fingerprint, state.most));
      }
      if (most <= mostVariations) return undefined;
      return said('variations', 'many rows that are nearly the same were asked for', most, mostVariations);
    },
  };
}

/** By name, the one used least lately first. */
function boundedHistories(
  most: number,
  idleMs: number,
  fresh: () => QueryHistory,
): (name: string, nowMs: number) => QueryHistory {
  const known = new Map<string, QueryHistory>();
  return (name, nowMs) => {
    let history = known.get(name);
    if (history === undefined || nowMs - history.seenMs > idleMs) history = fresh();
    history.seenMs = nowMs;
    known.delete(name);
    known.set(name, history);
    if (known.size > most) {
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    }
    return history;
  };
}

function said(rule: string, message: string, score: number, threshold: number): Judgement {
  return { protection: 'evasion', rule: `gateway.evasion.${rule}`, message, score, threshold };
}
