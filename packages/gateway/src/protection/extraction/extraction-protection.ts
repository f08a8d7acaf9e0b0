import { randomUUID } from 'node:crypto';
import { type Random, randomOf } from '@holdfast/statistics';
import type { Caller } from '../../callers/caller.ts';
import { GatewayError } from '../../errors.ts';
import type { InferenceRequest, InferenceResponse } from '../../protocols/inference.ts';
import { type FeatureSource, featureReader } from '../features.ts';
import type { Judgement, OutputProtection } from '../protection.ts';
import { type Answer, answerReader } from './answers.ts';
import type { CallerEvidence } from './caller-evidence.ts';
import { type DetectorOptions, type ExtractionDetector, extractionDetector } from './extraction-detector.ts';
import type { ExtractionState } from './extraction-state.ts';
import { knownCallers } from './known-callers.ts';
import { fullBudget, type NoveltyBudget, takeNovel } from './novelty-budget.ts';

export interface ExtractionProtectionOptions {
  /** Where the features of the state stand in requests, in its order. */
  readonly sources: readonly FeatureSource[];
  /** The output with the scores, and what they are. */
  readonly output: string;
  readonly holds: 'probabilities' | 'logits';
  /** Chance that a caller whose rows are exchangeable with the held-out ones is ever accused; 0.001 unless told otherwise. */
  readonly alpha?: number;
  readonly tolerance?: DetectorOptions['tolerance'];
  readonly budget?: NoveltyBudget;
  /** For how long an alarm holds, 1 h unless told otherwise; then the caller begins anew. */
  readonly alarmMs?: number;
  /** Callers, and as many tenants, that are remembered; 10,000 unless told otherwise. */
  readonly mostCallers?: number;
  /** For ties; nobody's to guess unless told otherwise. */
  readonly random?: Random;
}

/**
 * Weighs what each caller, and all callers of its tenant together, ask and learn, row by row, and speaks when it is not what callers with real
 * rows would ask. See `docs/guides/gateway/protection.md` for what it cannot see.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for other features than the state's, or an `alpha` out of range
 */
export function extractionProtection(state: ExtractionState, options: ExtractionProtectionOptions): OutputProtection {
  const { sources, alpha = 0.001, mostCallers = 10_000 } = options;
  requireOptions(state, sources, alpha);
  const watch = watchOf(state, options);
  const callers = knownCallers(mostCallers, () => watch.detector.fresh());
  const tenants = knownCallers(mostCallers, () => watch.detector.fresh());
  const reader = featureReader(sources);
  const answers = answerReader(options.output, options.holds);
  const row = new Float64Array(sources.length);
  return {
    name: 'extraction',
    observe(request: InferenceRequest, response: InferenceResponse, caller: Caller, nowMs: number) {
      if (!reader.open(request) || !answers.open(response, request.rows)) return unreadable;
      const tenant = tenants.of(caller.tenant, nowMs);
      // Two looks at the same rows share the false alarms between them.
      const own = caller.tenant === caller.id ? undefined : callers.of(caller.id, nowMs);
      const who: Watched = { tenant, own, threshold: (own === undefined ? 1 : 2) / alpha, nowMs };
      let said = stillSaid(watch, who);
      for (let index = 0; index < request.rows; index += 1) {
        reader.read(index, row);
        watch.detector.look(row);
        said = weighRow(watch, who, answers.read(index)) ?? said;
      }
      return said;
    },
    forget({ id, tenant }) {
      callers.forget(id);
      tenants.forget(tenant);
    },
  };
}

interface Watch {
  readonly detector: ExtractionDetector;
  readonly budget: NoveltyBudget | undefined;
  readonly alarmMs: number;
}

/** Whose evidence is weighed: that of the tenant, and of the caller where it is another. */
interface Watched {
  readonly tenant: CallerEvidence;
  readonly own: CallerEvidence | undefined;
  readonly threshold: number;
  readonly nowMs: number;
}

function watchOf(state: ExtractionState, options: ExtractionProtectionOptions): Watch {
  const { random = randomOf(`extraction ${randomUUID()}`), tolerance, budget, alarmMs = 3_600_000 } = options;
  return { detector: extractionDetector(state, { random, ...(tolerance && { tolerance }) }), budget, alarmMs };
}

function stillSaid(watch: Watch, who: Watched): Judgement | undefined {
  return began(watch, who.tenant, who) ?? (who.own && began(watch, who.own, who));
}

/** The row that the detector looks at. */
function weighRow(watch: Watch, who: Watched, answer: Answer): Judgement | undefined {
  const { tenant, own } = who;
  if (own !== undefined) watch.detector.add(own, answer);
  watch.detector.add(tenant, answer);
  const isAffordable = withinBudget(watch, tenant, who.nowMs);
  return weighed(watch, tenant, who) ?? (own && weighed(watch, own, who)) ?? (isAffordable ? undefined : budgetUsed);
}

function requireOptions(state: ExtractionState, sources: readonly FeatureSource[], alpha: number): void {
  if (sources.length !== state.features.length || sources.some(({ feature }, at) => feature !== state.features[at])) {
    throw new GatewayError(
      'HF_GATEWAY_CONFIGURATION',
      'the extraction state was fitted to other features than the model takes',
    );
  }
  if (!(alpha > 0 && alpha < 1)) throw new GatewayError('HF_GATEWAY_CONFIGURATION', '`alpha` lies between 0 and 1');
}

/** An alarm that still holds; one that does not any more begins the caller anew. */
function began(
  { alarmMs, detector }: Watch,
  evidence: CallerEvidence,
  { threshold, nowMs }: Watched,
): Judgement | undefined {
  if (evidence.alarmMs === Number.NEGATIVE_INFINITY) return undefined;
  if (nowMs - evidence.alarmMs < alarmMs) return alarm(evidence.greatest, threshold);
  detector.restart(evidence);
  return undefined;
}

function weighed({ detector }: Watch, evidence: CallerEvidence, { threshold, nowMs }: Watched): Judgement | undefined {
  const weight = detector.evidenceOf(evidence);
  if (weight > evidence.greatest) evidence.greatest = weight;
  if (weight < threshold) return undefined;
  if (evidence.alarmMs === Number.NEGATIVE_INFINITY) evidence.alarmMs = nowMs;
  return alarm(evidence.greatest, threshold);
}

function withinBudget({ detector, budget }: Watch, evidence: CallerEvidence, nowMs: number): boolean {
  if (budget === undefined) return true;
  evidence.budget ??= fullBudget(budget, nowMs);
  return takeNovel(budget, evidence.budget, detector.cell(), nowMs);
}

function alarm(score: number, threshold: number): Judgement {
  const message = 'what this caller asks is not what callers with real data ask';
  return { protection: 'extraction', rule: 'gateway.extraction.martingale', message, score, threshold };
}

const budgetUsed: Judgement = {
  ...{ protection: 'extraction', rule: 'gateway.extraction.budget' },
  message: 'the budget for new rows is used up; what was asked before may be asked again',
};

const unreadable: Judgement = {
  ...{ protection: 'extraction', rule: 'gateway.extraction.unreadable' },
  message: 'features or scores are not where they should be',
};
