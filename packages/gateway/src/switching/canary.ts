import type { Admission, SwitchedWeight } from '../admission/admission.ts';
import type { Caller } from '../callers/caller.ts';
import { GatewayError } from '../errors.ts';
import type { RequestHead } from '../http/request-head.ts';
import type { Route } from '../serve/route.ts';
import { CallerShare } from './caller-share.ts';
import { ErrorWindow, type Measured, type RollbackRule } from './error-window.ts';

export interface CanaryOptions {
  /** The share of callers that is declared. */
  readonly weight: number;
  /** In lower case; callers choose with it. */
  readonly header?: string;
  readonly shadow: boolean;
  readonly rollback?: RollbackRule;
}

export interface CanaryEvents {
  /** Its rule, or an alarm, took it back. */
  rolledBack(reason: string, measured?: Measured): void;
  /** Evidence said so: a new share, for these bytes. */
  switched(weight: number): void;
}

/** The candidate of a route: who is answered by it, and when nobody is any more. */
export class Canary {
  readonly candidate: Route;
  readonly #admission: () => Admission;
  #last: Admission | undefined;
  readonly #options: CanaryOptions;
  readonly #events: CanaryEvents;
  readonly #window: ErrorWindow | undefined;
  #artifact: string | undefined;
  #share = new CallerShare('');
  /** What a switch said, as evidence or here; undefined: what is declared counts. */
  #switched: number | undefined;
  #seen = -1;

  /** @param admission what the gate says of the candidate at this moment */
  constructor(candidate: Route, admission: () => Admission, options: CanaryOptions, events: CanaryEvents) {
    this.candidate = candidate;
    this.#admission = admission;
    this.#options = options;
    this.#events = events;
    this.#window = options.rollback === undefined ? undefined : new ErrorWindow(options.rollback);
  }

  /** The share of callers that it answers now, as far as it is admitted. */
  get weight(): number {
    return this.#switched ?? this.#options.weight;
  }

  /** Whether it gets copies of what the other model is asked. */
  get isShadow(): boolean {
    return this.#options.shadow && this.#isAdmitted() && this.#switched !== 0;
  }

  /**
   * The candidate, or the other model: as the caller chose, else by where it stands. A candidate that is not admitted, or was rolled
   * back, answers nobody.
   *
   * @throws GatewayError HF_GATEWAY_FRAMING for a header that chooses nothing
   */
  target(stable: Route, { headers }: RequestHead, caller: Caller): Route {
    const { header } = this.#options;
    const chosen = header === undefined ? undefined : headers[header];
    if (chosen !== undefined && chosen !== 'canary' && chosen !== 'stable') {
      throw new GatewayError('HF_GATEWAY_FRAMING', 'the model is chosen by `canary` or `stable`', {
        where: `header ${header ?? ''}`,
      });
    }
    if (chosen === 'stable' || !this.#isAdmitted() || this.#switched === 0) return stable;
    const { weight } = this;
    if (chosen === 'canary' || weight === 1) return this.candidate;
    return weight > 0 && this.#share.of(caller) < weight ? this.candidate : stable;
  }

  /** Takes in what the gate and the evidence say of the candidate where that is new. */
  #isAdmitted(): boolean {
    const admission = this.#admission();
    if (admission === this.#last) return admission.isAdmitted;
    this.#last = admission;
    if (!admission.isAdmitted) return false;
    const { artifact, switched } = admission;
    if (artifact !== this.#artifact) this.#begin(artifact);
    if (switched !== undefined && switched.index > this.#seen) this.#heed(switched);
    return true;
  }

  #heed({ index, weight }: SwitchedWeight): void {
    const before = this.weight;
    this.#seen = index;
    this.#switched = weight;
    if (weight === before) return;
    this.#window?.clear();
    this.#events.switched(weight);
  }

  /** Takes in how the candidate answered: a caller, or a copy. */
  told(isError: boolean): void {
    if (this.#window === undefined || this.#switched === 0) return;
    const measured = this.#window.count(isError);
    if (measured === undefined) return;
    const { answers, errors } = measured;
    const allowed = this.#options.rollback?.errors ?? 0;
    this.rollBack(`${errors} errors in the last ${answers} answers are more than ${allowed}`, measured);
  }

  /** From now on it answers nobody, until somebody promotes it. */
  rollBack(reason: string, measured?: Measured): void {
    if (this.#switched === 0) return;
    this.#switched = 0;
    this.#window?.clear();
    this.#events.rolledBack(reason, measured);
  }

  /** Other bytes: what was said of those before does not count for them. */
  #begin(artifact: string): void {
    this.#artifact = artifact;
    this.#share = new CallerShare(`${this.candidate.prefix} ${artifact}`);
    this.#switched = undefined;
    this.#seen = -1;
    this.#window?.clear();
  }
}
