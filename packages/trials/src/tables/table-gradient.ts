import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { isNumeric } from './columns.ts';
import { intoThreat, nearestRow, reachOf } from './project.ts';
import { BestRows, type TableAttack, type TableSamples } from './table-attack.ts';
import type { TableModel } from './table-model.ts';
import type { Field, TableSpace } from './table-space.ts';
import { categoryOf, randomWish } from './wish.ts';

export interface TableGradientOptions {
  readonly steps: number;
  /** The length of a step, as a part of how far each column may go; a quarter unless given. */
  readonly step?: number;
  /** Begins so many times: at the sample itself, then at random rows that are allowed. */
  readonly restarts?: number;
  /** What is climbed: margins, or cross-entropy the first time, as others do, and margins then. */
  readonly first?: 'margin' | 'cross-entropy';
}

/**
 * Projected gradient ascent that only visits rows which a person could submit. Numbers take steps in units of their scale;
 * each category is what the first-order gain says; where a budget limits how many columns change, those with the greatest
 * gain do. Every row that it visits is put onto the rules first, and the model is asked about that very row.
 */
export function tableGradient(options: TableGradientOptions): TableAttack {
  return async (model, samples, ball, random) => {
    const climb = new Climb(model, samples, ball, options);
    for (let restart = 0; restart < (options.restarts ?? 1); restart += 1) {
      const began = await climb.run(restart, random.fork(`restart ${restart}`));
      if (!began) return undefined;
    }
    return climb.best.rows;
  };
}

class Climb {
  readonly best: BestRows;
  readonly #model: TableModel;
  readonly #samples: TableSamples;
  readonly #ball: Ball;
  readonly #options: TableGradientOptions;

  constructor(model: TableModel, samples: TableSamples, ball: Ball, options: TableGradientOptions) {
    this.#model = model;
    this.#samples = samples;
    this.#ball = ball;
    this.#options = options;
    this.best = new BestRows(samples.x.length / model.space.width, model.space.width);
  }

  /** @returns whether there is a gradient */
  async run(restart: number, random: Random): Promise<boolean> {
    const { space } = this.#model;
    const { x: origin, objective } = this.#samples;
    const rows = Array.from({ length: origin.length / space.width }, (_, row) => row);
    const origins = rows.map((row) => origin.subarray(row * space.width, (row + 1) * space.width));
    const wishes = origins.map((row) =>
      restart === 0 ? new Float64Array(row) : randomWish(space, this.#ball, row, row, random),
    );
    const form = restart === 0 ? (this.#options.first ?? 'cross-entropy') : 'margin';
    const x = restart === 0 ? origin.slice() : new Float32Array(origin.length);
    if (restart > 0)
      for (const row of rows)
        x.set(
          nearestRow(space, this.#ball, origins[row] as Float32Array, wishes[row] as Float64Array),
          row * space.width,
        );
    for (let step = 0; ; step += 1) {
      const scores = await this.#keep(x);
      if (step === this.#options.steps) return true;
      const slope = await this.#model.slope(x, objective.seeds(scores, form));
      if (slope === undefined) return false;
      for (const row of rows) {
        const gradient = slope.gradient.subarray(row * space.width, (row + 1) * space.width);
        x.set(this.#next(origins[row] as Float32Array, wishes[row] as Float64Array, gradient), row * space.width);
      }
    }
  }

  async #keep(x: Float32Array): Promise<Float32Array> {
    const { width } = this.#model.space;
    const scores = await this.#model.scores(x);
    for (const [row, value] of this.#samples.objective.values(scores).entries()) {
      this.best.offer(row, x.subarray(row * width, (row + 1) * width), value);
    }
    return scores;
  }

  /** Moves the wish a step on; gives the row that it stands for. */
  #next(origin: Float32Array, wish: Float64Array, gradient: Float32Array): Float32Array {
    const { space } = this.#model;
    const slope = throughRules(space, gradient);
    ascend(space, this.#ball, origin, wish, slope, this.#options.step ?? 0.25);
    intoThreat(space, this.#ball, origin, wish);
    return nearestRow(space, this.#ball, origin, chosen(space, this.#ball, origin, wish, slope));
  }
}

/** A column that follows from others passes its gradient on to them. */
function throughRules(space: TableSpace, gradient: Float32Array): Float64Array {
  const slope = new Float64Array(gradient);
  for (let index = 0; index < slope.length; index += 1) if (!Number.isFinite(slope[index])) slope[index] = 0;
  for (const { at, form } of space.follows.toReversed()) {
    for (const term of form.terms) {
      slope[term.at] = (slope[term.at] as number) + term.coefficient * (slope[at] as number);
    }
  }
  return slope;
}

/** A step of each number in units of its scale: by its sign for L∞, by the gradient's length for L2, one column for L1. */
function ascend(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  wish: Float64Array,
  slope: Float64Array,
  share: number,
): void {
  const steep = space.numbers.map(({ start }) => (slope[start] as number) * (space.scale[start] as number));
  const length = Math.hypot(...steep) || 1;
  const most = ball.norm === 'l1' ? steepest(space, ball, origin, wish, slope) : -1;
  for (const [index, { column, start }] of space.numbers.entries()) {
    const scale = space.scale[start] as number;
    const change = isNumeric(column) ? column.change : undefined;
    const sign = Math.sign(slope[start] as number);
    const move = (part: number): number => share * part;
    let by = move(sign * (change ?? ball.epsilon * scale));
    if (change === undefined && ball.norm === 'l2')
      by = move((ball.epsilon * scale * (steep[index] as number)) / length);
    if (change === undefined && ball.norm === 'l1' && index !== most) by = 0;
    wish[start] = (wish[start] as number) + by;
  }
}

/** The column with the greatest gain for each unit of ε that has room left. */
function steepest(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  wish: Float64Array,
  slope: Float64Array,
): number {
  let [best, gain] = [-1, 0];
  for (const [index, field] of space.numbers.entries()) {
    const { start, column } = field;
    if (isNumeric(column) && column.change !== undefined) continue;
    const { least, greatest } = reachOf(space, ball, field, origin[start] as number);
    const own = (slope[start] as number) * (space.scale[start] as number);
    const hasRoom = own > 0 ? (wish[start] as number) < greatest : (wish[start] as number) > least;
    if (hasRoom && Math.abs(own) > gain) [best, gain] = [index, Math.abs(own)];
  }
  return best;
}

interface Option {
  readonly gain: number;
  readonly isCategory: boolean;
  readonly apply: (row: Float64Array) => void;
}

/** The origin with what is worth changing, the greatest first-order gains first, as far as the budgets go. */
function chosen(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  wish: Float64Array,
  slope: Float64Array,
): Float64Array {
  const { changes = Number.POSITIVE_INFINITY, categoryChanges = Number.POSITIVE_INFINITY } = space.declared;
  const row = new Float64Array(origin);
  const options = [
    ...space.numbers.map((field) => numberOption(space, ball, origin, wish, slope, field)),
    ...space.categories.flatMap((field) => categoryOption(field, origin, slope) ?? []),
  ];
  // Without a budget numbers stay where earlier steps have led them, also where that has no gain any more.
  const worth = changes === Number.POSITIVE_INFINITY ? options : options.filter(({ gain }) => gain > 0);
  let [left, categoriesLeft] = [changes, categoryChanges];
  for (const { isCategory, apply } of worth.sort((a, b) => b.gain - a.gain)) {
    if (left === 0 || (isCategory && categoriesLeft === 0)) continue;
    apply(row);
    left -= 1;
    if (isCategory) categoriesLeft -= 1;
  }
  return row;
}

/** What a number gains where it goes as far as it can. */
function numberOption(
  space: TableSpace,
  ball: Ball,
  origin: Float32Array,
  wish: Float64Array,
  slope: Float64Array,
  field: Field,
): Option {
  const { start } = field;
  const from = origin[start] as number;
  const { least, greatest } = reachOf(space, ball, field, from);
  const steep = slope[start] as number;
  const gain = steep > 0 ? steep * (greatest - from) : steep * (least - from);
  return { gain, isCategory: false, apply: (row) => (row[start] = wish[start] as number) };
}

function categoryOption(field: Field, origin: Float32Array, slope: Float64Array): Option | undefined {
  const { column, start, width } = field;
  if (column.kind === 'one-hot') {
    const from = start + categoryOf(field, origin);
    let to = from;
    for (let index = start; index < start + width; index += 1) {
      if ((slope[index] as number) > (slope[to] as number)) to = index;
    }
    const gain = (slope[to] as number) - (slope[from] as number);
    return gain > 0 ? { gain, isCategory: true, apply: (row) => void ((row[from] = 0), (row[to] = 1)) } : undefined;
  }
  if (column.kind !== 'categorical') return undefined;
  const from = origin[start] as number;
  const gainOf = (code: number): number => (slope[start] as number) * (Math.fround(code) - from);
  const to = column.codes.reduce((best, code) => (gainOf(code) > gainOf(best) ? code : best), from);
  return gainOf(to) > 0
    ? { gain: gainOf(to), isCategory: true, apply: (row) => (row[start] = Math.fround(to)) }
    : undefined;
}
