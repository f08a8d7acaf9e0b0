import type { LossName } from '../gradient/losses.ts';
import { type LossGradient, predictions, type Victim } from '../victim.ts';
import type { Samples, Threat } from './attack.ts';
import { copyRow, rowsOf } from './rows.ts';

/** Where a climb happens. */
export interface Slope {
  readonly samples: Samples;
  readonly threat: Threat;
  /** Numbers of a row. */
  readonly size: number;
  readonly steps: number;
}

/** How a climb moves, and how it shortens its steps. */
export interface Pace {
  /** The points after the next step, all within the threat. */
  step(x: Float32Array, gradient: Float32Array): Float32Array;
  /**
   * Takes note of what a step has brought.
   * @param best the points with the greatest loss so far, and these losses
   * @returns rows that go back to their best
   */
  adapt(loss: Float32Array, best: { readonly x: Float32Array; readonly loss: Float32Array }): readonly number[];
}

export interface Ascent {
  readonly victim: Victim;
  readonly samples: Samples;
  readonly targets: Int32Array | undefined;
  readonly loss: LossName;
  readonly expectation: number;
}

/** Climbs the loss of every row from a start. */
export class Climb {
  readonly #ascent: Ascent;
  readonly #broken: Uint8Array;
  readonly #adversarial: Float32Array;
  #isLast = true;

  constructor(ascent: Ascent) {
    this.#ascent = ascent;
    this.#broken = new Uint8Array(ascent.samples.labels.length);
    this.#adversarial = ascent.samples.x.slice();
  }

  /**
   * @param isLast whether a row that is broken has done its part; else it goes on, to climb as high as it can
   * @returns the points with the greatest loss; the broken rows, and their points (of others the best)
   */
  async run(
    start: Float32Array,
    pace: Pace,
    steps: number,
    isLast: boolean,
  ): Promise<{ best: Float32Array; adversarial: Float32Array; broken: Uint8Array }> {
    this.#isLast = isLast;
    const { size } = this.#ascent.victim;
    let x: Float32Array = start.slice();
    const now = { loss: new Float32Array(this.#broken.length), gradient: new Float32Array(x.length) };
    await this.#ask(x, now);
    const best = { x: x.slice(), loss: now.loss.slice(), gradient: now.gradient.slice() };
    for (let step = 0; step < steps && !(isLast && this.#broken.every((hit) => hit === 1)); step += 1) {
      x = pace.step(x, now.gradient);
      await this.#ask(x, now);
      for (const [row, loss] of now.loss.entries()) {
        if (!(loss > (best.loss[row] as number))) continue;
        best.loss[row] = loss;
        copyRow(best.x, x, row, size);
        copyRow(best.gradient, now.gradient, row, size);
      }
      for (const row of pace.adapt(now.loss, best)) {
        copyRow(x, best.x, row, size);
        copyRow(now.gradient, best.gradient, row, size);
      }
    }
    for (const [row, hit] of this.#broken.entries()) if (hit === 0) copyRow(this.#adversarial, best.x, row, size);
    return { best: best.x, adversarial: this.#adversarial, broken: this.#broken };
  }

  /** Losses and gradients of the rows that still matter; those of others stay as they were. */
  async #ask(x: Float32Array, now: { loss: Float32Array; gradient: Float32Array }): Promise<void> {
    const { victim, samples, targets } = this.#ascent;
    const rows = [...this.#broken.keys()].filter((row) => !this.#isLast || this.#broken[row] === 0);
    const part = rowsOf({ x, labels: samples.labels }, rows, victim.size);
    const chosen = targets === undefined ? undefined : Int32Array.from(rows, (row) => targets[row] as number);
    const found = await this.#averaged(part, chosen);
    const predicted = predictions(found.logits, victim.classes);
    for (const [place, row] of rows.entries()) {
      const from = place * victim.size;
      now.loss[row] = found.loss[place] as number;
      now.gradient.set(found.gradient.subarray(from, from + victim.size), row * victim.size);
      if (predicted[place] === samples.labels[row]) continue;
      this.#broken[row] = 1;
      copyRow(this.#adversarial, x, row, victim.size);
    }
  }

  /** The mean of several gradients; logits and loss are those of the last pass, as in the reference. */
  async #averaged({ x, labels }: Samples, targets: Int32Array | undefined): Promise<LossGradient> {
    const { victim, loss, expectation } = this.#ascent;
    let found = await victim.lossGradient(x, labels, loss, targets);
    if (expectation === 1) return found;
    const sum = Float64Array.from(found.gradient);
    for (let pass = 1; pass < expectation; pass += 1) {
      found = await victim.lossGradient(x, labels, loss, targets);
      for (const [index, value] of found.gradient.entries()) sum[index] = (sum[index] as number) + value;
    }
    return { ...found, gradient: Float32Array.from(sum, (value) => value / expectation) };
  }
}
