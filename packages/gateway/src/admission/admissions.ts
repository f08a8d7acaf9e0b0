import type { Admission, AdmissionSource, Served } from './admission.ts';

/** Times in milliseconds. */
export interface AdmissionTimes {
  /** From one check to the next where nothing changes. */
  readonly recheck: number;
  /** How long an answer counts on after evidence has changed, until there is a new one. */
  readonly grace: number;
}

/** A revocation is to stop a model within a second of its leaf: noticing it takes up to a fifth of that. */
export const defaultGrace = 750;

const unasked: Admission = { isAdmitted: false, reasons: ['not-asked-yet'] };
const overdue: Admission = { isAdmitted: false, reasons: ['evidence-changed'] };

/** What is told when a model begins or ceases to be served. */
export type Switched = (served: Served, admission: Admission) => void;

interface Timers {
  recheck?: NodeJS.Timeout;
  grace?: NodeJS.Timeout;
}

/**
 * Keeps what the gate says of every served model, and asks anew when evidence changes and on a timer. Nothing is served that has not
 * been asked about, and nothing on an old answer for longer than the grace.
 */
export class Admissions {
  readonly #source: AdmissionSource;
  readonly #served: readonly Served[];
  readonly #times: AdmissionTimes;
  readonly #switched: Switched;
  readonly #timers: Timers = {};
  readonly #unwatch: () => void;
  #current: readonly Admission[];
  #told: readonly Admission[];
  #asking: Promise<void> | undefined;
  /** When evidence changed first since the last answer was asked for. */
  #uncoveredSince: number | undefined;
  #isClosed = false;

  constructor(source: AdmissionSource, served: readonly Served[], times: AdmissionTimes, switched: Switched) {
    this.#source = source;
    this.#served = served;
    this.#times = times;
    this.#switched = switched;
    this.#current = served.map(() => unasked);
    this.#told = this.#current;
    this.#unwatch = source.watch(() => {
      this.#changed();
    });
  }

  /** What counts at this moment for the model at a place of the list. */
  at(place: number): Admission {
    return this.#current[place] ?? unasked;
  }

  /** Asks, or waits for the answer that is on its way. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unwatch();
    clearTimeout(this.#timers.recheck);
    clearTimeout(this.#timers.grace);
    this.#current = this.#served.map(() => unasked);
    await this.#asking;
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.#uncoveredSince ??= performance.now();
    this.#limit();
    void this.refresh();
  }

  /** What counts now ends when the grace of the first change that no answer has seen is over. */
  #limit(): void {
    if (this.#uncoveredSince === undefined || this.#timers.grace !== undefined) return;
    const left = this.#times.grace - (performance.now() - this.#uncoveredSince);
    this.#timers.grace = setTimeout(
      () => {
        this.#current = this.#served.map(() => overdue);
      },
      Math.max(0, left),
    );
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timers.recheck);
    this.#uncoveredSince = undefined;
    const answers = await this.#answers();
    if (this.#isClosed) return;
    clearTimeout(this.#timers.grace);
    delete this.#timers.grace;
    this.#current = answers;
    this.#tell(answers);
    this.#limit();
    this.#askLater();
  }

  #askLater(): void {
    const next = this.#uncoveredSince === undefined ? this.#times.recheck : 0;
    this.#timers.recheck = setTimeout(() => void this.refresh(), next).unref();
  }

  async #answers(): Promise<readonly Admission[]> {
    try {
      const answers = await this.#source.decide(this.#served);
      return this.#served.map((_, at) => answers[at] ?? unasked);
    } catch (error) {
      const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
      const reasons = [typeof code === 'string' ? code : 'unknown'];
      const detail = typeof message === 'string' ? { detail: message } : {};
      return this.#served.map(() => ({ isAdmitted: false, reasons, ...detail }));
    }
  }

  #tell(answers: readonly Admission[]): void {
    const before = this.#told;
    this.#told = answers;
    for (const [at, answer] of answers.entries()) {
      const served = this.#served[at];
      if (served !== undefined && !isSame(answer, before[at])) this.#switched(served, answer);
    }
  }
}

function isSame(one: Admission, other: Admission | undefined): boolean {
  return (
    other !== undefined &&
    one.isAdmitted === other.isAdmitted &&
    one.artifact === other.artifact &&
    (one.isAdmitted || other.isAdmitted || one.reasons.join() === other.reasons.join())
  );
}
