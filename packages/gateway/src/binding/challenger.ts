import type { ModelBytes } from '../admission/admission.ts';
import { GatewayError } from '../errors.ts';
import type { ChallengeOutcome } from './challenge.ts';

export interface ChallengerOrder {
  readonly everyMs: number;
  /** One challenge of the model server about these bytes. */
  challenge(bytes: ModelBytes): Promise<ChallengeOutcome>;
}

export interface ChallengerEvents {
  /** What is known of the model server is another. */
  changed(): void;
  said(line: string): void;
}

/** What is known of the model server. */
export type ChallengeState =
  | { readonly is: 'unasked' | 'passed' }
  | { readonly is: 'failed'; readonly reason: 'challenge' | 'challenge-unanswered'; readonly detail: string };

/** Milliseconds until a server that did not answer is asked again: twice as long each time. */
const backOff = { least: 1000, most: 30_000 };

/** Another model can answer a few rows alike: after a mismatch so many challenges in a row have to be passed. */
const passesAfterMismatch = 10;

/** Keeps on challenging the model server of a route, at once where something changed, and on a timer. */
export class Challenger {
  readonly #order: ChallengerOrder;
  readonly #events: ChallengerEvents;
  #artifact: string | undefined;
  #bytes: ModelBytes | undefined;
  #state: ChallengeState = { is: 'unasked' };
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  #unanswered = 0;
  #isAsking = false;
  #passesOwed = 0;

  constructor(order: ChallengerOrder, events: ChallengerEvents) {
    this.#order = order;
    this.#events = events;
  }

  /** What is known about a model; what was known about another does not count. Without one nothing is asked. */
  about(artifact: string | undefined, bytes?: ModelBytes): ChallengeState {
    if (artifact !== this.#artifact) {
      this.#artifact = artifact;
      this.#bytes = bytes;
      this.#state = { is: 'unasked' };
      this.#unanswered = 0;
      this.#passesOwed = 0;
      this.again();
    }
    return this.#state;
  }

  /** What is known of the model that was asked about last. */
  get state(): ChallengeState {
    return this.#state;
  }

  /** Somebody could not reach the server. One challenge at a time finds out what is there. */
  doubt(): void {
    if (!this.#isAsking && this.#state.is === 'passed') this.again();
  }

  /** Challenges now: the server may be another one than before. */
  again(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    if (this.#bytes !== undefined && this.#artifact !== undefined) void this.#ask(this.#bytes, this.#round);
  }

  close(): void {
    this.#artifact = undefined;
    this.#bytes = undefined;
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  async #ask(bytes: ModelBytes, round: number): Promise<void> {
    this.#isAsking = true;
    const state = await this.#stateOf(bytes);
    if (round !== this.#round) return;
    this.#isAsking = false;
    const isUnanswered = state.is === 'failed' && state.reason === 'challenge-unanswered';
    this.#unanswered = isUnanswered ? this.#unanswered + 1 : 0;
    const retry = Math.min(backOff.least * 2 ** Math.min(this.#unanswered - 1, 10), backOff.most, this.#order.everyMs);
    this.#timer = setTimeout(
      () => {
        this.again();
      },
      isUnanswered ? retry : this.#order.everyMs,
    ).unref();
    const before = this.#state;
    if (state.is === 'failed' && state.reason === 'challenge') this.#passesOwed = passesAfterMismatch;
    else if (state.is === 'passed' && this.#passesOwed > 0) this.#passesOwed -= 1;
    if (state.is === 'passed' && this.#passesOwed > 0) return;
    this.#state = state;
    const reason = (each: ChallengeState): string => (each.is === 'failed' ? each.reason : each.is);
    if (reason(before) === reason(state)) return;
    if (state.is === 'failed') this.#events.said(`${state.reason}: ${state.detail}`);
    this.#events.changed();
  }

  async #stateOf(bytes: ModelBytes): Promise<ChallengeState> {
    try {
      const { rows, differ } = await this.#order.challenge(bytes);
      if (differ === 0 && rows > 0) return { is: 'passed' };
      return { is: 'failed', reason: 'challenge', detail: `${differ} of ${rows} rows are answered unlike by the file` };
    } catch (error) {
      const isAnswer = error instanceof GatewayError && error.code === 'HF_GATEWAY_CONFIGURATION';
      const detail = error instanceof Error ? error.message : String(error);
      return { is: 'failed', reason: isAnswer ? 'challenge' : 'challenge-unanswered', detail };
    }
  }
}
