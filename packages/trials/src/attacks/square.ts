import type { Random } from '@holdfast/statistics';
import { predictions, type Victim } from '../victim.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { clip, project } from './ball.ts';
import { rowsOf } from './rows.ts';

export interface SquareOptions {
  /** 5,000 in AutoAttack. */
  readonly queries: number;
  /** The share of the features that the first squares cover; 0.8 in AutoAttack. */
  readonly share?: number;
}

/**
 * Square Attack for L∞: random squares of ±2ε, kept where the margin shrinks; it needs no gradient (Andriushchenko et al.,
 * arXiv:1912.00049, algorithms 1 and 2). A table counts as an image of one row.
 */
export function square({ queries, share = 0.8 }: SquareOptions): Attack {
  return async (victim, samples, threat, random) => {
    if (threat.ball.norm !== 'linf') throw new RangeError('the square attack is for L∞');
    const search = new Search(victim, samples, threat, random);
    await search.begin();
    for (let query = 1; query < queries && search.left > 0; query += 1) {
      await search.query(shareAt(share, query, queries));
    }
    return search.best;
  };
}

/** Halved after 10, 50, 200, 500, 1,000, 2,000, 4,000, 6,000 and 8,000 of 10,000 queries (section 3.3). */
function shareAt(share: number, query: number, queries: number): number {
  const scaled = Math.trunc((query / queries) * 10_000);
  const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000].filter((limit) => scaled > limit).length;
  return share / 2 ** halvings;
}

class Search {
  readonly best: Float32Array;
  readonly #victim: Victim;
  readonly #samples: Samples;
  readonly #threat: Threat;
  readonly #random: Random;
  /** Channels, height, width. */
  readonly #shape: readonly [number, number, number];
  #margins: Float64Array = new Float64Array();

  constructor(victim: Victim, samples: Samples, threat: Threat, random: Random) {
    this.#victim = victim;
    this.#samples = samples;
    this.#threat = threat;
    this.#random = random;
    this.best = samples.x.slice();
    const [channels = 1, height = 1, width = 1] = victim.dims.length === 3 ? victim.dims : [1, 1, victim.size];
    this.#shape = [channels, height, width];
  }

  /** Rows that still withstand. */
  get left(): number {
    return this.#margins.filter((margin) => margin > 0).length;
  }

  /** Vertical stripes of ±ε. */
  async begin(): Promise<void> {
    const [channels, height, width] = this.#shape;
    const { epsilon } = this.#threat.ball;
    for (let row = 0; row < this.#samples.labels.length; row += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const stripes = Float32Array.from({ length: width }, () => this.#sign() * epsilon);
        for (let line = 0; line < height; line += 1) {
          const start = row * this.#victim.size + (channel * height + line) * width;
          stripes.forEach(
            (stripe, column) => (this.best[start + column] = (this.best[start + column] as number) + stripe),
          );
        }
      }
    }
    clip(this.best, this.#threat.bounds);
    this.#margins = this.#marginsOf(await this.#victim.logits(this.best), this.#samples.labels);
  }

  /** One square for each row that withstands. */
  async query(share: number): Promise<void> {
    const rows = [...this.#margins.keys()].filter((row) => (this.#margins[row] as number) > 0);
    const { size } = this.#victim;
    const origin = rowsOf(this.#samples, rows, size);
    const { x } = rowsOf({ x: this.best, labels: this.#samples.labels }, rows, size);
    for (const place of rows.keys()) this.#paint(x, place * size, share);
    project(x, origin.x, size, this.#threat.ball);
    clip(x, this.#threat.bounds);
    const margins = this.#marginsOf(await this.#victim.logits(x), origin.labels);
    for (const [place, row] of rows.entries()) {
      if ((margins[place] as number) >= (this.#margins[row] as number)) continue;
      this.#margins[row] = margins[place] as number;
      this.best.set(x.subarray(place * size, (place + 1) * size), row * size);
    }
  }

  #paint(x: Float32Array, start: number, share: number): void {
    const [channels, height, width] = this.#shape;
    const side = Math.max(Math.round(Math.sqrt(share * height * width)), 1);
    const [tall, wide] =
      height === 1
        ? [1, Math.max(Math.round(share * width), 1)]
        : [Math.min(side, height - 1), Math.min(side, width - 1)];
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

  /** zᵧ less the largest other logit: the model errs where this is not above 0. */
  #marginsOf(logits: Float32Array, labels: Int32Array): Float64Array {
    const { classes } = this.#victim;
    const predicted = predictions(logits, classes);
    return Float64Array.from(labels, (label, row) => {
      const own = logits.subarray(row * classes, (row + 1) * classes);
      const other = own.reduce(
        (most, value, index) => (index === label ? most : Math.max(most, value)),
        Number.NEGATIVE_INFINITY,
      );
      const margin = (own[label] as number) - other;
      return predicted[row] === label ? Math.max(margin, Number.MIN_VALUE) : Math.min(margin, 0);
    });
  }
}
