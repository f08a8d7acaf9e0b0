/** After how many failures in a row nobody is sent any more, and for how long, in milliseconds. */
export interface BreakerLimits {
  readonly failures: number;
  readonly restMs: number;
}

/**
 * Keeps requests from a server that does not answer (M. Nygard, "Release It!", 2007: circuit breaker). After a rest one request tries
 * whether it does again.
 */
export class Breaker {
  readonly #limits: BreakerLimits;
  #failures = 0;
  #openUntil = 0;
  #isTrying = false;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  /** Milliseconds until it is tried again; 0 when a request may go on, which then has to be told of. */
  wait(nowMs: number): number {
    if (this.#failures < this.#limits.failures) return 0;
    if (nowMs < this.#openUntil) return this.#openUntil - nowMs;
    if (this.#isTrying) return this.#limits.restMs;
    this.#isTrying = true;
    return 0;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isTrying = false;
  }

  failed(nowMs: number): void {
    this.#failures += 1;
    this.#isTrying = false;
    if (this.#failures >= this.#limits.failures) this.#openUntil = nowMs + this.#limits.restMs;
  }

  /** What was tried came to no end that says anything of the server: the caller went away. */
  abandoned(): void {
    this.#isTrying = false;
  }
}
