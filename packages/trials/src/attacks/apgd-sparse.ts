import type { Pace, Slope } from './apgd-climb.ts';
import { projectDiamondInBox } from './box-diamond.ts';

/** Steps are between a tenth of the radius and the radius. */
const shortest = 10;
const shortening = 1.5;
/** A row that has lost so much of its changed numbers since the last checkpoint begins anew, with a full step. */
const sparser = 0.95;

/**
 * Steps of Auto-PGD for L1: the sign of the gradient where it is largest, on as many numbers as two thirds of those that
 * are changed at the best point so far; a checkpoint after every 4 % of the steps (arXiv:2103.01208, algorithm 1).
 */
export class SparsePace implements Pace {
  readonly #slope: Slope;
  readonly #lengths: Float64Array;
  /** Of the numbers of a row, those that a step changes. */
  readonly #share: Float64Array;
  readonly #changed: Float64Array;
  readonly #period: number;
  #since = 0;

  /** @param start points whose changed numbers say how sparse the first steps are; a fifth of all numbers where absent */
  constructor(slope: Slope, start: Float32Array | undefined) {
    const { size, samples, threat } = slope;
    const rows = samples.labels.length;
    this.#slope = slope;
    this.#lengths = new Float64Array(rows).fill(threat.ball.epsilon);
    this.#changed = new Float64Array(rows).fill(size);
    this.#share = new Float64Array(rows).fill(0.2);
    this.#period = Math.max(Math.trunc(0.04 * slope.steps), 1);
    if (start === undefined) return;
    for (const row of this.#share.keys()) {
      const changed = this.#changes(start, row);
      this.#changed[row] = changed;
      this.#share[row] = changed / size / 1.5;
    }
  }

  step(x: Float32Array, gradient: Float32Array): Float32Array {
    const { size, samples, threat } = this.#slope;
    const next = x.slice();
    for (const [row, length] of this.#lengths.entries()) {
      const slopes = gradient.subarray(row * size, (row + 1) * size);
      const least = this.#threshold(slopes, this.#share[row] as number);
      const isChosen = (slope: number): boolean => slope !== 0 && Math.abs(slope) >= least;
      const move = length / slopes.reduce((count, slope) => count + (isChosen(slope) ? 1 : 0), 1e-10);
      for (const [index, slope] of slopes.entries()) {
        const at = row * size + index;
        if (isChosen(slope)) next[at] = (next[at] as number) + Math.sign(slope) * move;
      }
    }
    projectDiamondInBox(next, samples.x, size, threat.ball.epsilon, threat.bounds);
    return next;
  }

  adapt(_: Float32Array, best: { readonly x: Float32Array }): readonly number[] {
    this.#since += 1;
    if (this.#since < this.#period) return [];
    this.#since = 0;
    const { epsilon } = this.#slope.threat.ball;
    return [...this.#lengths.keys()].filter((row) => {
      const changed = this.#changes(best.x, row);
      const isSparser = changed / (this.#changed[row] as number) < sparser;
      const shorter = Math.max((this.#lengths[row] as number) / shortening, epsilon / shortest);
      this.#lengths[row] = isSparser ? epsilon : shorter;
      this.#share[row] = changed / this.#slope.size / 1.5;
      this.#changed[row] = changed;
      return isSparser;
    });
  }

  /** The smallest size of a slope among the chosen share of them. */
  #threshold(slopes: Float32Array, share: number): number {
    const sizes = slopes.map(Math.abs).sort();
    const place = Math.min(Math.max(Math.trunc((1 - share) * sizes.length), 0), sizes.length - 1);
    return sizes[place] as number;
  }

  #changes(x: Float32Array, row: number): number {
    const { size, samples } = this.#slope;
    let count = 0;
    for (let at = row * size; at < (row + 1) * size; at += 1) if (x[at] !== samples.x[at]) count += 1;
    return count;
  }
}
