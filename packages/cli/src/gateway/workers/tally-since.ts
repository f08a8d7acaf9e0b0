import type { FromWorker } from '@holdfast/gateway/workers/worker-messages';
import type { GatewayTally } from '../gateway-tally.ts';

/** Tells what was counted since it was told last. */
export class TallySince {
  readonly #tally: GatewayTally;
  readonly #tell: (message: FromWorker) => void;
  #answered = 0;
  #codes: Readonly<Record<string, number>> = {};

  constructor(tally: GatewayTally, tell: (message: FromWorker) => void) {
    this.#tally = tally;
    this.#tell = tell;
  }

  tell(): void {
    const { answered, codes } = this.#tally;
    const since = Object.entries(codes).map(([code, count]) => [code, count - (this.#codes[code] ?? 0)] as const);
    const changed = since.filter(([, count]) => count > 0);
    if (answered === this.#answered && changed.length === 0) return;
    this.#tell({ kind: 'tally', answered: answered - this.#answered, codes: Object.fromEntries(changed) });
    this.#answered = answered;
    this.#codes = { ...codes };
  }
}
