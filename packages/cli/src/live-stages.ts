import type { Terminal } from './terminal.ts';

const everyMs = 200;

/** The stages and checks that run now, as one live line with the time that each has taken. Shown on a terminal only. */
export class LiveStages {
  readonly #terminal: Terminal;
  readonly #began = new Map<string, number>();
  readonly #shares = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #done = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => {
      this.#draw();
    }, everyMs).unref();
  }

  started(stage: string): void {
    this.#began.set(stage, performance.now());
    this.#draw();
  }

  /** @param share how much is done, 0 to 1 */
  progress(stage: string, share: number): void {
    this.#shares.set(stage, share);
  }

  /** @param sign how it ended: `✓`, `✗` */
  ended(stage: string, sign: string): void {
    this.#began.delete(stage);
    this.#shares.delete(stage);
    this.#done = `${sign} ${stage}   `;
    this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#terminal.progress(undefined);
  }

  #draw(): void {
    const now = performance.now();
    const running = [...this.#began].map(([stage, began]) => {
      const share = this.#shares.get(stage);
      const done = share === undefined ? '' : `${Math.floor(share * 100)} %  `;
      return `${stage} … ${done}${((now - began) / 1000).toFixed(1)} s`;
    });
    this.#terminal.progress(this.#done + running.join('   '));
  }
}
