/** How long somebody waits for a source, in milliseconds. */
export interface TimeLimits {
  /** Without a byte. */
  readonly idleMs: number;
  /** For all of it. */
  readonly totalMs: number;
}

/** What ended the waiting: somebody's wish, silence, or the time for all of it. */
export type Ending = 'wish' | 'idle' | 'total';

/** The longest that a timer of Node takes. */
const longestTimer = 2 ** 31 - 1;

/** Ends something that takes too long, or that somebody no longer wants. */
export class Patience {
  readonly limits: TimeLimits;
  readonly #controller = new AbortController();
  readonly #wish: AbortSignal;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  #ending: Ending | undefined;

  constructor(wish: AbortSignal, limits: TimeLimits) {
    this.#wish = wish;
    this.limits = limits;
    this.#total = setTimeout(
      () => {
        this.#end('total');
      },
      Math.min(limits.totalMs, longestTimer),
    );
    wish.addEventListener('abort', this.#wished, { once: true });
    if (wish.aborted) this.#end('wish');
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it is over; `undefined` while it is not. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Something came: silence begins anew. */
  heard(): void {
    clearTimeout(this.#idle);
    if (this.#ending !== undefined) return;
    this.#idle = setTimeout(
      () => {
        this.#end('idle');
      },
      Math.min(this.limits.idleMs, longestTimer),
    );
  }

  /** Nobody waits for the other side: the disk, or whoever reads, is at work. */
  busy(): void {
    clearTimeout(this.#idle);
  }

  release(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.#wish.removeEventListener('abort', this.#wished);
  }

  readonly #wished = (): void => {
    this.#end('wish');
  };

  #end(ending: Ending): void {
    this.#ending ??= ending;
    clearTimeout(this.#idle);
    this.#controller.abort();
  }
}
