import { marginsOf, predictions, type Victim } from '../victim.ts';
import type { Attack, Samples } from './attack.ts';
import type { Bounds } from './ball.ts';
import { RowAdam } from './row-adam.ts';
import { rowsOf } from './rows.ts';
import { shortened } from './shorten.ts';
import { TanhSpace } from './tanh-space.ts';

export interface CarliniWagnerOptions {
  /** Steps of Adam for each weight; 10,000 in the paper, 1,000 unless given. */
  readonly steps?: number;
  /** Weights that are tried for each row; 9 unless given. */
  readonly weights?: number;
  /** The first weight; 0.001 in the authors' code. */
  readonly firstWeight?: number;
  /** Of Adam, in tanh space; 0.01 in the authors' code. */
  readonly rate?: number;
  /** κ: by how much another logit has to be larger than that of the label; 0 unless given. */
  readonly confidence?: number;
}

/**
 * Carlini and Wagner's L2 attack: the smallest change with another answer. Over w, with x = a + b·tanh(w), Adam minimises
 * ‖x − x₀‖₂² + c · max(0, z_y − max over i ≠ y of zᵢ + κ), lengths in units of the width of the bounds. The weight c of each
 * row is multiplied by 10 until a change is found, then bisected; the shortest change that was seen counts. A row stops
 * where a tenth of the steps neither lowered its loss by a ten-thousandth nor found anything nearer. What lies nearer on the line to the sample counts, too. It does not keep to the radius of the threat.
 *
 * Source: Carlini & Wagner, arXiv:1608.04644, sections V and VI.A, equation f₆; the order of things as in Foolbox 3.3.4.
 * @example
 * ```ts
 * import { carliniWagner, type OnnxVictim, type Samples } from '@holdfast/trials';
 * import { randomOf } from '@holdfast/statistics';
 * declare const victim: OnnxVictim;
 * declare const samples: Samples;
 * const threat = { ball: { norm: 'l2', epsilon: 0.5 }, bounds: { low: 0, high: 1 } } as const;
 * const changed = await carliniWagner({ steps: 100 })(victim, samples, threat, randomOf(0));
 * ```
 */
export function carliniWagner(options: CarliniWagnerOptions = {}): Attack {
  return async (victim, samples, { bounds }) => {
    const result = samples.x.slice();
    const clean = predictions(await victim.logits(result), victim.classes);
    const rows = [...samples.labels.keys()].filter((row) => clean[row] === samples.labels[row]);
    if (rows.length === 0) return result;
    const part = rowsOf(samples, rows, victim.size);
    const search = new Search(victim, part, bounds, options);
    for (let round = 0; round < (options.weights ?? 9); round += 1) await search.round();
    const best = await shortened(victim, part, search.best, isSure(victim, part.labels, options.confidence ?? 0));
    for (const [place, row] of rows.entries()) {
      result.set(best.subarray(place * victim.size, (place + 1) * victim.size), row * victim.size);
    }
    return result;
  };
}

/** Whether another logit is larger than that of the label by κ; without κ the file itself says whether it errs. */
function isSure(victim: Victim, labels: Int32Array, confidence: number) {
  if (confidence === 0) return undefined;
  return async (x: Float32Array): Promise<boolean[]> => {
    const margins = marginsOf(await victim.logits(x), labels, victim.classes);
    return Array.from(margins, (margin) => margin > confidence);
  };
}

class Search {
  /** The samples themselves where nothing was found. */
  readonly best: Float32Array;
  readonly #victim: Victim;
  readonly #samples: Samples;
  readonly #options: CarliniWagnerOptions;
  readonly #space: TanhSpace;
  readonly #width: number;
  /** w₀, and where it leads: the samples but for rounding. */
  readonly #start: Float32Array;
  readonly #centre: Float32Array;
  readonly #shortest: Float64Array;
  readonly #weights: Weights;

  constructor(victim: Victim, samples: Samples, bounds: Bounds, options: CarliniWagnerOptions) {
    this.#victim = victim;
    this.#samples = samples;
    this.#options = options;
    this.#space = new TanhSpace(bounds);
    this.#width = bounds.high - bounds.low;
    this.best = samples.x.slice();
    this.#start = this.#space.enter(samples.x);
    this.#centre = this.#space.leave(this.#start);
    this.#shortest = new Float64Array(samples.labels.length).fill(Number.POSITIVE_INFINITY);
    this.#weights = new Weights(samples.labels.length, options.firstWeight ?? 1e-3);
  }

  /** Every row with its weight, from the sample. */
  async round(): Promise<void> {
    const { steps = 1000, rate = 0.01 } = this.#options;
    const rows = this.#samples.labels.length;
    const w = this.#start.slice();
    const adam = new RowAdam(w, this.#victim.size, rate);
    const found = new Uint8Array(rows);
    const before = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    const nearest = this.#shortest.slice();
    let active = [...found.keys()];
    for (let step = 0; step < steps && active.length > 0; step += 1) {
      const { losses, gradient } = await this.#descend(w, active, found);
      adam.step(active, gradient);
      if (step % Math.ceil(steps / 10) !== 0) continue;
      active = active.filter((row, place) => {
        const gains = (losses[place] as number) <= 0.9999 * (before[row] as number);
        const isNearer = (this.#shortest[row] as number) < (nearest[row] as number);
        before[row] = losses[place] as number;
        nearest[row] = this.#shortest[row] as number;
        return gains || isNearer;
      });
    }
    this.#weights.next(found);
  }

  /** The loss of some rows at w and its gradient there; notes what is wrong and nearer than anything before. */
  async #descend(w: Float32Array, active: readonly number[], found: Uint8Array) {
    const { size } = this.#victim;
    const { labels } = this.#samples;
    const part = rowsOf({ x: w, labels }, active, size);
    const x = this.#space.leave(part.x);
    const { loss: margins, logits, gradient } = await this.#victim.lossGradient(x, part.labels, 'margin');
    const losses = new Float64Array(active.length);
    const { confidence = 0 } = this.#options;
    const slope = this.#space.slopes(part.x);
    for (const [place, row] of active.entries()) {
      const margin = margins[place] as number;
      const shortfall = Math.max(0, confidence - margin);
      const weight = shortfall > 0 ? this.#weights.at(row) : 0;
      const length = this.#slopeOf(place, row, { x, gradient, slope, weight });
      losses[place] = weight * shortfall + length;
      if (margin <= confidence + this.#doubt(logits, place)) continue;
      found[row] = 1;
      this.#note(x, place, row);
    }
    return { losses, gradient: slope };
  }

  /** Turns dx/dw of one row into the gradient of its loss with respect to w. @returns the square of its length, in units of the width */
  #slopeOf(
    place: number,
    row: number,
    { x, gradient, slope, weight }: { x: Float32Array; gradient: Float32Array; slope: Float32Array; weight: number },
  ): number {
    const { size } = this.#victim;
    const unit = this.#width * this.#width;
    let square = 0;
    for (let index = 0; index < size; index += 1) {
      const at = place * size + index;
      const value = x[at] as number;
      const away = value - (this.#centre[row * size + index] as number);
      square += away * away;
      slope[at] = ((2 * away) / unit - weight * (gradient[at] as number)) * (slope[at] as number);
    }
    return square / unit;
  }

  /** A logit rounds to this: a margin below it may vanish when the file itself is asked. */
  #doubt(logits: Float32Array, place: number): number {
    const { classes } = this.#victim;
    let most = 0;
    for (let at = place * classes; at < (place + 1) * classes; at += 1) {
      most = Math.max(most, Math.abs(logits[at] as number));
    }
    return 1e-6 * most;
  }

  #note(x: Float32Array, place: number, row: number): void {
    const { size } = this.#victim;
    let square = 0;
    for (let index = 0; index < size; index += 1) {
      const away = (x[place * size + index] as number) - (this.#samples.x[row * size + index] as number);
      square += away * away;
    }
    if (square >= (this.#shortest[row] as number)) return;
    this.#shortest[row] = square;
    this.best.set(x.subarray(place * size, (place + 1) * size), row * size);
  }
}

/** c of every row: the least with which a change was found, the greatest with which none was, and the next to try. */
class Weights {
  readonly #now: Float64Array;
  readonly #failed: Float64Array;
  readonly #worked: Float64Array;

  constructor(rows: number, first: number) {
    this.#now = new Float64Array(rows).fill(first);
    this.#failed = new Float64Array(rows);
    this.#worked = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  }

  at(row: number): number {
    return this.#now[row] as number;
  }

  next(found: Uint8Array): void {
    for (const [row, hit] of found.entries()) {
      (hit === 0 ? this.#failed : this.#worked)[row] = this.at(row);
      const worked = this.#worked[row] as number;
      this.#now[row] =
        worked === Number.POSITIVE_INFINITY ? 10 * this.at(row) : (worked + (this.#failed[row] as number)) / 2;
    }
  }
}
