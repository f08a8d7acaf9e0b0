import type { Random } from '@holdfast/statistics';
import { predictions, type Victim } from '../victim.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { rowsOf } from './rows.ts';
import { type SquareMoves, squareMoves } from './square-moves.ts';
import type { ImageShape } from './square-window.ts';

export interface SquareOptions {
  /** 5,000 in AutoAttack. */
  readonly queries: number;
  /** The share of the features that the first squares cover; 0.8 in AutoAttack. */
  readonly share?: number;
  /**
   * Whether the squares shrink as fast as there are queries, so that the last are as small as those of 10,000 queries.
   * AutoAttack does not do so; yes unless given.
   */
  readonly rescale?: boolean;
}

/**
 * Square Attack: random changes of a square window, kept where the margin shrinks; it needs no gradient (Andriushchenko et
 * al., arXiv:1912.00049, algorithm 1). A table counts as an image of one row.
 */
export function square({ queries, share = 0.8, rescale = true }: SquareOptions): Attack {
  return async (victim, samples, threat, random) => {
    const search = new Search(victim, samples, threat, random);
    await search.begin();
    for (let query = 0; query < queries && search.left > 0; query += 1) {
      await search.query(shareAt(share, rescale ? Math.trunc((query / queries) * 10_000) : query));
    }
    return search.best;
  };
}

/** Halved after 10, 50, 200, 500, 1,000, 2,000, 4,000, 6,000 and 8,000 queries (section 3.3). */
function shareAt(share: number, query: number): number {
  const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000].filter((limit) => query > limit).length;
  return share / 2 ** halvings;
}

class Search {
  readonly best: Float32Array;
  readonly #victim: Victim;
  readonly #samples: Samples;
  readonly #moves: SquareMoves;
  #margins: Float64Array = new Float64Array();

  constructor(victim: Victim, samples: Samples, threat: Threat, random: Random) {
    const [channels = 1, height = 1, width = 1] = victim.dims.length === 3 ? victim.dims : [1, 1, victim.size];
    const shape: ImageShape = [channels, height, width];
    this.#victim = victim;
    this.#samples = samples;
    this.#moves = squareMoves(shape, threat, random);
    this.best = samples.x.slice();
  }

  /** Rows that still withstand. */
  get left(): number {
    return this.#margins.filter((margin) => margin > 0).length;
  }

  async begin(): Promise<void> {
    this.#moves.begin(this.best);
    this.#margins = this.#marginsOf(await this.#victim.logits(this.best), this.#samples.labels);
  }

  /** One window for each row that withstands. */
  async query(share: number): Promise<void> {
    const rows = [...this.#margins.keys()].filter((row) => (this.#margins[row] as number) > 0);
    const { size } = this.#victim;
    const origin = rowsOf(this.#samples, rows, size);
    const { x } = rowsOf({ x: this.best, labels: this.#samples.labels }, rows, size);
    this.#moves.change(x, origin.x, share);
    const margins = this.#marginsOf(await this.#victim.logits(x), origin.labels);
    for (const [place, row] of rows.entries()) {
      if ((margins[place] as number) >= (this.#margins[row] as number)) continue;
      this.#margins[row] = margins[place] as number;
      this.best.set(x.subarray(place * size, (place + 1) * size), row * size);
    }
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
