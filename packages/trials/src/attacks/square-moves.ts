import type { Random } from '@holdfast/statistics';
import type { Threat } from './attack.ts';
import { clip, project } from './ball.ts';
import { HumpMoves } from './square-humps.ts';
import { type ImageShape, windowOf } from './square-window.ts';

/** What Square Attack tries: a first change of every row, and then a change of one window. */
export interface SquareMoves {
  /** Changes rows in place that are still the samples. */
  begin(x: Float32Array): void;
  /** Changes one window of each row in place, and keeps to the threat. @param share of the features */
  change(x: Float32Array, origin: Float32Array, share: number): void;
}

export function squareMoves(shape: ImageShape, threat: Threat, random: Random): SquareMoves {
  const { norm } = threat.ball;
  return norm === 'linf' ? new FlatMoves(shape, threat, random) : new HumpMoves(shape, threat, random, norm);
}

/** L∞: vertical stripes of ±ε, and then squares of ±2 ε (arXiv:1912.00049, algorithm 2). */
class FlatMoves implements SquareMoves {
  readonly #shape: ImageShape;
  readonly #threat: Threat;
  readonly #random: Random;

  constructor(shape: ImageShape, threat: Threat, random: Random) {
    this.#shape = shape;
    this.#threat = threat;
    this.#random = random;
  }

  begin(x: Float32Array): void {
    const [, height, width] = this.#shape;
    const { epsilon } = this.#threat.ball;
    const stripes = new Float64Array(width);
    for (let start = 0; start < x.length; start += height * width) {
      for (const column of stripes.keys()) stripes[column] = this.#sign() * epsilon;
      for (let index = 0; index < height * width; index += 1) {
        x[start + index] = (x[start + index] as number) + (stripes[index % width] as number);
      }
    }
    clip(x, this.#threat.bounds);
  }

  change(x: Float32Array, origin: Float32Array, share: number): void {
    const [channels, height, width] = this.#shape;
    const size = channels * height * width;
    for (let start = 0; start < x.length; start += size) this.#paint(x, start, share);
    project(x, origin, size, this.#threat.ball);
    clip(x, this.#threat.bounds);
  }

  #paint(x: Float32Array, start: number, share: number): void {
    const [channels, height, width] = this.#shape;
    const [tall, wide] = windowOf(this.#shape, share, 1);
    const [top, left] = [this.#random.integer(height - tall + 1), this.#random.integer(width - wide + 1)];
    for (let channel = 0; channel < channels; channel += 1) {
      const change = 2 * this.#threat.ball.epsilon * this.#sign();
      for (let line = top; line < top + tall; line += 1) {
        const from = start + (channel * height + line) * width + left;
        for (let index = from; index < from + wide; index += 1) x[index] = (x[index] as number) + change;
      }
    }
  }

  #sign(): number {
    return this.#random.uniform() < 0.5 ? -1 : 1;
  }
}
