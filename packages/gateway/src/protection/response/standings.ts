import { GatewayError } from '../../errors.ts';
import type { Judgement } from '../protection.ts';
import { type CallerStanding, expire, goodStanding, heedJudgement, type ResponseChange } from './caller-response.ts';
import { type Response, type ResponsePolicy, type ResponseStep, requirePolicy, responses } from './response-policy.ts';
import { type TuningChange, tune } from './tuning.ts';

/** What becomes of the callers of one route. Times in milliseconds. */
export interface RoutePolicy extends ResponsePolicy {
  /** A throttled caller is answered once in so long. */
  readonly throttleMs: number;
  /** Points of all callers together, from which on nobody is given predictions. */
  readonly model?: Omit<ResponseStep, 'response'>;
}

/** What is told of; `caller` is absent where it is about all of them. */
export interface StandingEvents {
  responded(change: ResponseChange, caller: string | undefined): void;
  tuned(change: TuningChange): void;
}

/** A response that is known from elsewhere: from evidence of this gateway, or of a replica. */
export interface KnownResponse {
  readonly caller?: string;
  readonly response: Response;
  readonly untilMs: number;
}

/** Callers that are remembered; of more, those in good standing are forgotten first. */
const mostCallers = 10_000;
/** So many callers that reach the hardest step within an hour are an attack. */
const attackers = 3;
const attackMs = 3_600_000;
const everybody = '';

/** Where the callers of a route stand, and what is done about it. */
export class Standings {
  readonly #policy: RoutePolicy;
  readonly #modelPolicy: ResponsePolicy;
  readonly #events: StandingEvents;
  readonly #standings = new Map<string, CallerStanding>();
  readonly #answeredMs = new Map<string, number>();
  readonly #pardoned = new Set<string>();
  #hardest: number[] = [];
  /** What declared points are multiplied by. */
  factor = 1;

  /** @throws GatewayError HF_GATEWAY_CONFIGURATION */
  constructor(policy: RoutePolicy, events: StandingEvents) {
    requirePolicy(policy);
    const { model } = policy;
    this.#policy = policy;
    this.#modelPolicy = { ...policy, steps: model === undefined ? [] : [{ response: 'quarantine', ...model }] };
    requirePolicy(this.#modelPolicy);
    this.#events = events;
  }

  /**
   * Whether a caller may ask now.
   * @param isPrediction or else something about the model
   * @throws GatewayError HF_GATEWAY_SET_APART, HF_GATEWAY_THROTTLED
   */
  require(caller: string, isPrediction: boolean, nowMs: number): void {
    if (this.#standings.size === 0) return;
    this.#requireModel(isPrediction, nowMs);
    const { response, untilMs } = this.#now(caller, nowMs);
    if (response === 'block' || (response === 'quarantine' && isPrediction)) {
      throw setApart('this caller is set apart because of what it asked', (untilMs - nowMs) / 1000);
    }
    if (response !== 'none' && isPrediction) this.#throttle(caller, nowMs);
  }

  /** Whether a caller is told the class only. */
  isLessDetail(caller: string, nowMs: number): boolean {
    return this.#standings.size > 0 && this.#now(caller, nowMs).response === 'less-detail';
  }

  /** A judgement of a protection that is enforced. */
  heed(judgement: Judgement, caller: string, nowMs: number): void {
    this.#count(this.#policy, { judgement, caller, nowMs });
    if (this.#policy.model !== undefined) this.#count(this.#modelPolicy, { judgement, caller: everybody, nowMs });
  }

  /** Takes in what evidence says, the older before the newer. A pardon is `none`. */
  know({ caller = everybody, response, untilMs }: KnownResponse, nowMs: number): void {
    if (response === 'none') {
      this.#pardon(caller, nowMs);
      return;
    }
    const standing = this.#now(caller, nowMs);
    // What was decided here meanwhile is on its way to the ledger: nothing becomes milder before its end.
    if (responses.indexOf(standing.response) > responses.indexOf(response)) return;
    this.#keep(caller, { ...standing, response, untilMs, atMs: Math.max(nowMs, standing.atMs) });
  }

  /** Whether a caller was pardoned since this was asked last: what protections hold against it is to be forgotten. */
  takePardon(caller: string): boolean {
    return this.#pardoned.size > 0 && this.#pardoned.delete(caller);
  }

  #pardon(caller: string, nowMs: number): void {
    if (!this.#standings.delete(caller)) return;
    this.#pardoned.add(caller);
    this.#tune('false-alarms', nowMs);
  }

  #requireModel(isPrediction: boolean, nowMs: number): void {
    if (!isPrediction || !this.#standings.has(everybody)) return;
    const { response, untilMs } = this.#now(everybody, nowMs);
    if (response === 'none') return;
    throw setApart('the model is set apart because of what it was asked', (untilMs - nowMs) / 1000);
  }

  #throttle(caller: string, nowMs: number): void {
    const next = (this.#answeredMs.get(caller) ?? Number.NEGATIVE_INFINITY) + this.#policy.throttleMs;
    if (nowMs < next) {
      const retryAfter = (next - nowMs) / 1000;
      throw new GatewayError('HF_GATEWAY_THROTTLED', 'this caller is answered now and then', { retryAfter });
    }
    this.#answeredMs.delete(caller);
    this.#answeredMs.set(caller, nowMs);
    if (this.#answeredMs.size > mostCallers) forgetFirst(this.#answeredMs);
  }

  #count(
    policy: ResponsePolicy,
    { judgement, caller, nowMs }: { readonly judgement: Judgement; readonly caller: string; readonly nowMs: number },
  ): void {
    const { standing, change } = heedJudgement(policy, this.#standings.get(caller) ?? goodStanding, {
      ...{ judgement, nowMs, factor: this.factor },
    });
    this.#keep(caller, standing);
    if (change === undefined) return;
    this.#events.responded(change, caller === everybody ? undefined : caller);
    if (change.to === policy.steps.at(-1)?.response && change.from !== change.to) this.#attacked(nowMs);
  }

  #attacked(nowMs: number): void {
    this.#hardest = [...this.#hardest.filter((time) => nowMs - time < attackMs), nowMs].slice(-attackers);
    if (this.#hardest.length < attackers) return;
    this.#hardest = [];
    this.#tune('under-attack', nowMs);
  }

  #tune(reason: 'false-alarms' | 'under-attack', nowMs: number): void {
    const { tuning } = this.#policy;
    const change = tuning === undefined ? undefined : tune(tuning, this.factor, { reason, nowMs });
    if (change === undefined) return;
    this.factor = change.to;
    this.#events.tuned(change);
  }

  /** What has ended is over. */
  #now(caller: string, nowMs: number): CallerStanding {
    const known = this.#standings.get(caller);
    if (known === undefined) return goodStanding;
    if (known.response === 'none' || nowMs < known.untilMs) return known;
    const { standing } = expire(this.#policy, known, nowMs);
    this.#standings.set(caller, standing);
    return standing;
  }

  #keep(caller: string, standing: CallerStanding): void {
    this.#standings.delete(caller);
    this.#standings.set(caller, standing);
    if (this.#standings.size <= mostCallers) return;
    for (const [name, { response }] of this.#standings) {
      if (response !== 'none' || name === everybody) continue;
      this.#standings.delete(name);
      return;
    }
    forgetFirst(this.#standings);
  }
}

function forgetFirst(map: Map<string, unknown>): void {
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}

const setApart = (message: string, retryAfter: number): GatewayError =>
  new GatewayError('HF_GATEWAY_SET_APART', message, { retryAfter: Math.max(1, retryAfter) });
