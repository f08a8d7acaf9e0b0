import { adjustP } from '@holdfast/statistics';
import type { Guards } from '../protection/guards.ts';
import type { InputProtection, OutputProtection } from '../protection/protection.ts';
import type { InferenceRequest } from '../protocols/inference.ts';
import { Alarm, type AlarmChange } from './alarm.ts';
import { FeatureCounter, type FeatureDrift } from './feature-counter.ts';
import { type ScoreDrift, ScoreWindow } from './score-window.ts';

/** Above 0.25 a feature is usually called shifted, below 0.1 stable (N. Siddiqi, "Credit Risk Scorecards", 2006). */
const featureBounds = { raise: 0.25, clear: 0.1 };
/** Distance between the distributions of scores. */
const scoreBounds = { raise: 0.2, clear: 0.1 };
/** Chance of a false alarm in a window, over all features. */
const significance = 0.001;
/** Features of one model that are looked at. */
const mostFeatures = 256;

export interface WatchedRoute {
  readonly route: string;
  readonly model: string;
}

/** What one model is asked and answers, in windows of rows: memory does not grow with them. */
export class RouteWatch {
  readonly about: WatchedRoute;
  readonly #size: number;
  readonly #leastMs: number;
  readonly #alarmed: (change: AlarmChange) => void;
  #scores: ScoreWindow;
  readonly #alarms = new Map<string, Alarm>();
  #artifact: string | undefined;
  #references: Guards['references'];
  #features: FeatureCounter[] = [];
  #rows = 0;
  #scored = 0;
  /** Of the last window that was full. */
  drift: readonly (FeatureDrift & { readonly isRaised: boolean })[] = [];
  scores: ScoreDrift | undefined;
  windows = 0;

  /** @param window rows of a window, and how long an alarm is raised at least, in milliseconds */
  constructor(
    about: WatchedRoute,
    { size, leastMs = 0 }: { readonly size: number; readonly leastMs?: number },
    alarmed: (change: AlarmChange) => void,
  ) {
    this.about = about;
    this.#size = size;
    this.#leastMs = leastMs;
    this.#alarmed = alarmed;
    this.#scores = new ScoreWindow(size);
  }

  get raised(): string[] {
    return [...this.#alarms].filter(([, { isRaised }]) => isRaised).map(([rule]) => rule);
  }

  /** Rows that the window has so far. */
  get rows(): number {
    return this.#rows;
  }

  /** The guards of an admitted model, and before them what only looks: it refuses nothing. */
  guards(guards: Guards, artifact: string): Guards {
    if (artifact !== this.#artifact || guards.references !== this.#references) this.#begin(guards.references, artifact);
    return {
      ...guards,
      inputs: [{ protection: this.#input, mode: 'observe' }, ...guards.inputs],
      outputs: [{ protection: this.#output, mode: 'observe' }, ...guards.outputs],
    };
  }

  /** What was counted for the model before says nothing about another. */
  #begin(references: Guards['references'], artifact: string): void {
    this.#artifact = artifact;
    this.#references = references;
    this.#features = (references ?? []).slice(0, mostFeatures).map((each) => new FeatureCounter(each));
    this.#scores = new ScoreWindow(this.#size);
    this.#alarms.clear();
    this.#rows = 0;
    this.#scored = 0;
    this.drift = [];
    this.scores = undefined;
  }

  readonly #input: InputProtection = {
    name: 'watch',
    judge: (request: InferenceRequest) => {
      if (request.isOpaque === true) return undefined;
      for (const feature of this.#features) feature.count(request);
      this.#rows += request.rows;
      if (this.#rows >= this.#size) this.#closeFeatures();
      return undefined;
    },
  };

  readonly #output: OutputProtection = {
    name: 'watch',
    observe: (request, response) => {
      this.#scores.add(response);
      this.#scored += request.rows;
      if (this.#scored >= this.#size) this.#closeScores();
      return undefined;
    },
  };

  #closeFeatures(): void {
    this.#rows = 0;
    this.windows += 1;
    const drifts = this.#features.flatMap((feature) => feature.drift() ?? []);
    for (const feature of this.#features) feature.clear();
    if (drifts.length === 0) return;
    const adjusted = adjustP(
      'holm',
      drifts.map(({ p }) => p),
    );
    this.drift = drifts.map((drift, at) => {
      const p = adjusted[at] as number;
      const rule = `gateway.drift.feature.${drift.feature}`;
      return { ...drift, p, isRaised: this.#look(rule, featureBounds, drift.stability, p < significance) };
    });
  }

  #closeScores(): void {
    this.#scored = 0;
    this.scores = this.#scores.close();
    if (this.scores === undefined) return;
    this.#look('gateway.drift.scores', scoreBounds, this.scores.distance, this.scores.p < significance);
  }

  #look(rule: string, bounds: { readonly raise: number; readonly clear: number }, value: number, isCertain: boolean) {
    const alarm = this.#alarms.get(rule) ?? new Alarm(bounds, this.#leastMs);
    this.#alarms.set(rule, alarm);
    const time = Date.now();
    const state = alarm.look(value, isCertain, time);
    const artifact = this.#artifact ?? '';
    if (state !== undefined) this.#alarmed({ ...this.about, rule, state, value, bounds, artifact, time });
    return alarm.isRaised;
  }
}
