import type { Pace, Slope } from './apgd-climb.ts';
import { ascend, clip, project } from './ball.ts';

/** Of the steps since the last checkpoint, so many must have gained. */
const gaining = 0.75;
/** The share of the new step in the next point; the rest is momentum. */
const alpha = 0.75;

/**
 * Steps of Auto-PGD for L∞ and L2: 2 ε at first, halved at checkpoints where a row oscillates or stands still; the
 * checkpoints come after 22 % of the steps, then 3 % sooner each time, 6 % at least (arXiv:2003.01690, section 3.1).
 */
export class DensePace implements Pace {
  readonly #slope: Slope;
  readonly #lengths: Float64Array;
  readonly #gains: Uint16Array;
  readonly #halvedLast: Uint8Array;
  #lossBefore: Float32Array | undefined;
  #bestAtCheck: Float32Array | undefined;
  #before: Float32Array | undefined;
  #period: number;
  #since = 0;

  constructor(slope: Slope) {
    const rows = slope.samples.labels.length;
    this.#slope = slope;
    this.#lengths = new Float64Array(rows).fill(2 * slope.threat.ball.epsilon);
    this.#gains = new Uint16Array(rows);
    this.#halvedLast = new Uint8Array(rows).fill(1);
    this.#period = this.#part(0.22);
  }

  /** z = P(x + η·direction); x⁺ = P(x + α(z − x) + (1 − α)(x − x⁻)). */
  step(x: Float32Array, gradient: Float32Array): Float32Array {
    const next = x.slice();
    ascend(next, gradient, this.#slope.threat.ball.norm, this.#lengths);
    this.#inside(next);
    const before = this.#before;
    if (before !== undefined) {
      for (let index = 0; index < next.length; index += 1) {
        const here = x[index] as number;
        next[index] =
          here + alpha * ((next[index] as number) - here) + (1 - alpha) * (here - (before[index] as number));
      }
      this.#inside(next);
    }
    this.#before = x.slice();
    return next;
  }

  adapt(loss: Float32Array, best: { readonly loss: Float32Array }): readonly number[] {
    const before = this.#lossBefore;
    for (const [row, value] of loss.entries()) {
      // The reference compares the first step with 0 instead of the loss at the start.
      if (value > (before?.[row] ?? 0)) this.#gains[row] = (this.#gains[row] as number) + 1;
    }
    this.#lossBefore = loss.slice();
    this.#since += 1;
    if (this.#since < this.#period) return [];
    const rows = [...loss.keys()].filter((row) => this.#oscillates(row) || this.#stands(row, best.loss));
    this.#halvedLast.fill(0);
    for (const row of rows) {
      this.#halvedLast[row] = 1;
      this.#lengths[row] = (this.#lengths[row] as number) / 2;
    }
    this.#bestAtCheck = best.loss.slice();
    this.#period = Math.max(this.#period - this.#part(0.03), this.#part(0.06));
    this.#gains.fill(0);
    this.#since = 0;
    return rows;
  }

  #part(share: number): number {
    return Math.max(Math.trunc(share * this.#slope.steps), 1);
  }

  #inside(x: Float32Array): void {
    const { samples, threat, size } = this.#slope;
    project(x, samples.x, size, threat.ball);
    clip(x, threat.bounds);
  }

  #oscillates(row: number): boolean {
    return (this.#gains[row] as number) <= gaining * this.#period;
  }

  /** It was not halved last time, and its best is what it was then. */
  #stands(row: number, best: Float32Array): boolean {
    const then = this.#bestAtCheck?.[row];
    return then !== undefined && this.#halvedLast[row] === 0 && then >= (best[row] as number);
  }
}
