import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import type { Objective } from './objective.ts';
import type { TableModel } from './table-model.ts';

/** What an attack on a table works on. */
export interface TableSamples {
  /** [N·width] rows that satisfy the rules */
  readonly x: Float32Array;
  /** [N·width] where to begin: the best that is known so far. */
  readonly best: Float32Array;
  readonly objective: Objective;
}

/**
 * Changes rows within what somebody can change; gives for each the best row that it found, which satisfies every rule.
 * Undefined where it needs a gradient and the model has none.
 */
export type TableAttack = (
  model: TableModel,
  samples: TableSamples,
  ball: Ball,
  random: Random,
) => Promise<Float32Array | undefined>;

/** The best row so far of each sample, by what the model gives. */
export class BestRows {
  readonly rows: Float32Array;
  readonly values: Float64Array;
  readonly #width: number;

  constructor(count: number, width: number) {
    this.rows = new Float32Array(count * width);
    this.values = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#width = width;
  }

  /** Keeps what is better. @returns whether it was */
  offer(sample: number, row: Float32Array, value: number): boolean {
    if (!(value > (this.values[sample] as number))) return false;
    this.values[sample] = value;
    this.rows.set(row, sample * this.#width);
    return true;
  }

  row(sample: number): Float32Array {
    return this.rows.subarray(sample * this.#width, (sample + 1) * this.#width);
  }
}
