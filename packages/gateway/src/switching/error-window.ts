export interface RollbackRule {
  /** The share of the last `over` answers that may be errors. */
  readonly errors: number;
  readonly over: number;
}

export interface Measured {
  readonly answers: number;
  readonly errors: number;
}

/** Counts errors among the last answers. As soon as they are too many for any window, nobody waits for the rest of it. */
export class ErrorWindow {
  readonly #rule: RollbackRule;
  readonly #failed: Uint8Array;
  #answers = 0;
  #errors = 0;

  constructor(rule: RollbackRule) {
    this.#rule = rule;
    this.#failed = new Uint8Array(rule.over);
  }

  /** Takes in an answer; what was measured once the errors are more than the rule allows. */
  count(isError: boolean): Measured | undefined {
    const { over, errors } = this.#rule;
    const at = this.#answers % over;
    this.#errors += Number(isError) - (this.#failed[at] as number);
    this.#failed[at] = Number(isError);
    this.#answers += 1;
    return this.#errors > errors * over ? { answers: Math.min(this.#answers, over), errors: this.#errors } : undefined;
  }

  clear(): void {
    this.#failed.fill(0);
    this.#answers = 0;
    this.#errors = 0;
  }
}
