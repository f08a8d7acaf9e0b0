import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { nearestRow, reachOf } from './project.ts';
import { BestRows, type TableAttack, type TableSamples } from './table-attack.ts';
import type { TableModel } from './table-model.ts';
import type { Field, TableSpace } from './table-space.ts';
import { categoryOf, isChanged, randomize, restore, setCategory, withinBudgets } from './wish.ts';

export interface TableSearchOptions {
  /** Rows that the model is asked about for each sample, at most. */
  readonly queries: number;
}

/** Rows that go through the model at once, about. */
const batchRows = 4096;
/** Of one sample at once; where there are more moves, some of them, drawn at random. */
const mostMoves = 192;
/** Moves of several columns at once in each round: what no single column can do. */
const jumps = 12;
/** Whole numbers of a narrow column are all tried, of a wide one only its ends and two more. */
const narrow = 16;

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
      const moves = movesFrom(space, this.#ball, origin, this.best.row(sample), random);
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

/** Rows to ask about next: wishes, which still have to be put onto the rules. */
function movesFrom(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  from: Float32Array,
  random: Random,
): Float64Array[] {
  const changed = (change: (row: Float64Array) => void, keep?: Field): Float64Array => {
    const row = new Float64Array(from);
    change(row);
    return withinBudgets(space, origin, row, random, keep);
  };
  const numbers = space.numbers.flatMap((field) =>
    valuesFor(space, ball, origin, field, random).map((value) => changed((row) => (row[field.start] = value), field)),
  );
  const categories = space.categories.flatMap((field) => {
    if (field.column.kind !== 'categorical' && field.column.kind !== 'one-hot') return [];
    const now = categoryOf(field, from);
    return [...field.column.categories.keys()]
      .filter((index) => index !== now)
      .map((index) => changed((row) => setCategory(field, row, index), field));
  });
  const fields = [...space.numbers, ...space.categories];
  const back = fields
    .filter((field) => isChanged(field, from, origin))
    .map((field) => changed((row) => restore(field, row, origin)));
  const single = random.shuffle([...numbers, ...categories, ...back]);
  const several =
    fields.length < 2
      ? []
      : Array.from({ length: jumps }, () =>
          changed((row) => {
            for (const field of random.shuffle([...fields]).slice(0, 2 + random.integer(2))) {
              randomize(space, ball, origin, field, row, random);
            }
          }),
        );
  return [...single.slice(0, mostMoves), ...several];
}

function valuesFor(space: TableSpace, ball: Ball, origin: Float32Array, field: Field, random: Random): number[] {
  const { least, greatest } = reachOf(space, ball, field, origin[field.start] as number);
  if (!(greatest > least)) return [];
  if (field.column.kind === 'integer' && greatest - least < narrow) {
    return Array.from({ length: greatest - least + 1 }, (_, index) => least + index);
  }
  const between = [0, 1].map(() => least + random.uniform() * (greatest - least));
  return [least, greatest, ...(field.column.kind === 'integer' ? between.map(Math.round) : between)];
}
