import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { movesFrom } from './moves.ts';
import { nearestRow } from './project.ts';
import { BestRows, type TableAttack, type TableSamples } from './table-attack.ts';
import type { TableModel } from './table-model.ts';

export interface TableSearchOptions {
  /** Rows that the model is asked about for each sample, at most. */
  readonly queries: number;
}

/** Rows that go through the model at once, about. */
const batchRows = 4096;

/**
 * Search that needs no gradient, as for forests of trees: in each round every column goes to each of its categories, to both
 * ends of its reach and elsewhere, some columns go together, and of each sample the best row stays. With a linear score
 * that is greedy, which is best where columns do not depend on each other.
 */
export function tableSearch({ queries }: TableSearchOptions): TableAttack {
  return async (model, samples, ball, random) => {
    const search = new Search(model, samples, ball);
    await search.begin();
    // A batch takes from one stream, whatever the others do.
    while (search.left(queries).length > 0) await search.round(queries, random);
    return search.best.rows;
  };
}

class Search {
  readonly best: BestRows;
  readonly #model: TableModel;
  readonly #samples: TableSamples;
  readonly #ball: Ball;
  readonly #spent: Int32Array;
  /** Rounds without anything better, by sample. */
  readonly #idle: Uint8Array;

  constructor(model: TableModel, samples: TableSamples, ball: Ball) {
    const count = samples.x.length / model.space.width;
    this.#model = model;
    this.#samples = samples;
    this.#ball = ball;
    this.best = new BestRows(count, model.space.width);
    this.#spent = new Int32Array(count);
    this.#idle = new Uint8Array(count);
  }

  /** The samples themselves and the best that was known of each. */
  async begin(): Promise<void> {
    const { width } = this.#model.space;
    for (const x of [this.#samples.x, this.#samples.best]) {
      const values = this.#samples.objective.values(await this.#model.scores(x));
      for (const [row, value] of values.entries())
        this.best.offer(row, x.subarray(row * width, (row + 1) * width), value);
    }
  }

  /** Samples that are neither broken nor stuck nor out of queries. */
  left(queries: number): number[] {
    const isDone = (row: number): boolean =>
      (this.#idle[row] as number) >= 2 ||
      (this.#spent[row] as number) >= queries ||
      (this.#model.task === 'classification' && (this.best.values[row] as number) > 0);
    return [...this.#idle.keys()].filter((row) => !isDone(row));
  }

  async round(queries: number, random: Random): Promise<void> {
    const { space } = this.#model;
    const candidates: Float32Array[] = [];
    const owners: number[] = [];
    const flush = async (): Promise<void> => {
      if (owners.length > 0) await this.#weigh(candidates.splice(0), owners.splice(0));
    };
    for (const sample of this.left(queries)) {
      const origin = this.#samples.x.subarray(sample * space.width, (sample + 1) * space.width);
      const from = this.best.row(sample);
      const moves = movesFrom({ space, ball: this.#ball, origin, from, random });
      const kept = moves.slice(0, queries - (this.#spent[sample] as number));
      for (const move of kept) candidates.push(nearestRow(space, this.#ball, origin, move));
      owners.push(...kept.map(() => sample));
      this.#spent[sample] = (this.#spent[sample] as number) + Math.max(kept.length, 1);
      this.#idle[sample] = (this.#idle[sample] as number) + 1;
      if (owners.length >= batchRows) await flush();
    }
    await flush();
  }

  async #weigh(candidates: readonly Float32Array[], owners: readonly number[]): Promise<void> {
    const { width } = this.#model.space;
    const x = new Float32Array(candidates.length * width);
    for (const [index, row] of candidates.entries()) x.set(row, index * width);
    const scores = await this.#model.scores(x);
    const { outputs } = this.#model;
    for (const [index, sample] of owners.entries()) {
      const own = scores.subarray(index * outputs, (index + 1) * outputs);
      const value = this.#samples.objective.valueOf(own, sample);
      if (this.best.offer(sample, candidates[index] as Float32Array, value)) this.#idle[sample] = 0;
    }
  }
}
