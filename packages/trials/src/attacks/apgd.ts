import type { Random } from '@holdfast/statistics';
import type { LossName } from '../gradient/losses.ts';
import { predictions, type Victim } from '../victim.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { ascend, clip, normOf, project } from './ball.ts';
import { copyRow, rowsOf } from './rows.ts';

export interface ApgdOptions {
  readonly loss: LossName;
  /** 100 in AutoAttack. */
  readonly steps: number;
  readonly restarts: number;
  /** For `dlr-targeted`: the classes that come second, third … at the sample are the targets, one after the other. */
  readonly targets?: number;
}

/**
 * Auto-PGD: momentum, and steps that are halved where a row stops gaining (Croce & Hein, arXiv:2003.01690, algorithm 1,
 * with ρ = 0.75 and checkpoints after 22 % of the steps, then 3 % sooner each time, 6 % at least).
 */
export function apgd(options: ApgdOptions): Attack {
  return async (victim, samples, threat, random) => {
    const best = samples.x.slice();
    const broken = new Uint8Array(samples.labels.length);
    for (let run = 0; run < options.restarts * (options.targets ?? 1); run += 1) {
      const rows = [...broken.keys()].filter((row) => broken[row] === 0);
      if (rows.length === 0) break;
      const part = rowsOf(samples, rows, victim.size);
      const targets =
        options.targets === undefined ? undefined : await ranked(victim, part, 2 + (run % options.targets));
      const found = await new Run(victim, part, threat, options, targets).climb(random);
      for (const [place, row] of rows.entries()) {
        best.set(found.x.subarray(place * victim.size, (place + 1) * victim.size), row * victim.size);
        broken[row] = found.broken[place] ?? 0;
      }
    }
    return best;
  };
}

/** The class that comes `place`-th at each sample, counted from 1. */
async function ranked(victim: Victim, { x, labels }: Samples, place: number): Promise<Int32Array> {
  const logits = await victim.logits(x);
  return labels.map((_, row) => {
    const own = logits.subarray(row * victim.classes, (row + 1) * victim.classes);
    const order = Array.from(own.keys()).sort((a, b) => (own[b] as number) - (own[a] as number) || a - b);
    return order[place - 1] ?? 0;
  });
}

/** One start of every row. */
class Run {
  readonly #victim: Victim;
  readonly #samples: Samples;
  readonly #threat: Threat;
  readonly #options: ApgdOptions;
  readonly #targets: Int32Array | undefined;

  constructor(victim: Victim, samples: Samples, threat: Threat, options: ApgdOptions, targets: Int32Array | undefined) {
    this.#victim = victim;
    this.#samples = samples;
    this.#threat = threat;
    this.#options = options;
    this.#targets = targets;
  }

  async climb(random: Random): Promise<{ x: Float32Array; broken: Uint8Array }> {
    const { steps, loss } = this.#options;
    const { x: origin, labels } = this.#samples;
    const { size } = this.#victim;
    const rows = labels.length;
    let x: Float32Array = this.#start(random);
    let before: Float32Array = x.slice();
    const adversarial = x.slice();
    const broken = new Uint8Array(rows);
    const best = x.slice();
    let at = await this.#victim.lossGradient(x, labels, loss, this.#targets);
    let gradient = at.gradient.slice();
    const bestGradient = gradient.slice();
    this.#note(x, at.logits, adversarial, broken);
    const progress = new Progress(at.loss, this.#threat.ball.epsilon, steps);
    for (let step = 0; step < steps; step += 1) {
      const next = this.#step(x, before, gradient, origin, progress.lengths, step === 0 ? 1 : 0.75);
      before = x;
      x = next;
      at = await this.#victim.lossGradient(x, labels, loss, this.#targets);
      gradient = at.gradient.slice();
      this.#note(x, at.logits, adversarial, broken);
      for (const row of progress.record(at.loss)) {
        copyRow(best, x, row, size);
        copyRow(bestGradient, gradient, row, size);
      }
      for (const row of progress.halved(step)) {
        copyRow(x, best, row, size);
        copyRow(gradient, bestGradient, row, size);
      }
    }
    for (const [row, hit] of broken.entries()) if (hit === 0) copyRow(adversarial, best, row, size);
    return { x: adversarial, broken };
  }

  /** L∞: t uniform, scaled to largest entry 1; else a random direction; times ε. */
  #start(random: Random): Float32Array {
    const { ball, bounds } = this.#threat;
    const { x: origin } = this.#samples;
    const { size } = this.#victim;
    const x = Float32Array.from(origin, () => (ball.norm === 'linf' ? 2 * random.uniform() - 1 : random.normal()));
    for (let row = 0; row < origin.length / size; row += 1) {
      const scale = ball.epsilon / (normOf(x, row, size, ball.norm) + 1e-12);
      for (let index = row * size; index < (row + 1) * size; index += 1) {
        x[index] = (origin[index] as number) + scale * (x[index] as number);
      }
    }
    clip(x, bounds);
    return x;
  }

  /** z = P(x + η·direction); x⁺ = P(x + α(z − x) + (1 − α)(x − x⁻)). */
  #step(
    x: Float32Array,
    before: Float32Array,
    gradient: Float32Array,
    origin: Float32Array,
    lengths: Float64Array,
    alpha: number,
  ): Float32Array {
    const next = x.slice();
    ascend(next, gradient, this.#threat.ball.norm, lengths);
    this.#inside(next, origin);
    for (let index = 0; index < next.length; index += 1) {
      const here = x[index] as number;
      next[index] = here + alpha * ((next[index] as number) - here) + (1 - alpha) * (here - (before[index] as number));
    }
    this.#inside(next, origin);
    return next;
  }

  #inside(x: Float32Array, origin: Float32Array): void {
    project(x, origin, this.#victim.size, this.#threat.ball);
    clip(x, this.#threat.bounds);
  }

  #note(x: Float32Array, logits: Float32Array, adversarial: Float32Array, broken: Uint8Array): void {
    for (const [row, predicted] of predictions(logits, this.#victim.classes).entries()) {
      if (predicted === this.#samples.labels[row]) continue;
      broken[row] = 1;
      copyRow(adversarial, x, row, this.#victim.size);
    }
  }
}

/** The losses of every row so far, and from them the length of its steps. */
class Progress {
  readonly lengths: Float64Array;
  readonly #best: Float32Array;
  readonly #history: Float32Array[];
  readonly #reduced: Uint8Array;
  readonly #steps: number;
  #bestAtCheck: Float32Array;
  #period: number;
  #since = 0;

  constructor(loss: Float32Array, epsilon: number, steps: number) {
    this.lengths = new Float64Array(loss.length).fill(2 * epsilon);
    this.#best = loss.slice();
    this.#bestAtCheck = loss.slice();
    this.#history = [];
    this.#reduced = new Uint8Array(loss.length).fill(1);
    this.#steps = steps;
    this.#period = Math.max(Math.trunc(0.22 * steps), 1);
  }

  /** Notes the losses behind a step. @returns rows that are better than ever */
  record(loss: Float32Array): number[] {
    this.#history.push(loss.slice());
    const better = [...loss.keys()].filter((row) => (loss[row] as number) > (this.#best[row] as number));
    for (const row of better) this.#best[row] = loss[row] as number;
    return better;
  }

  /** At a checkpoint: halves the steps of rows that oscillate or stand still. @returns these rows, which go back to their best */
  halved(step: number): number[] {
    this.#since += 1;
    if (this.#since < this.#period) return [];
    const rows = [...this.lengths.keys()].filter((row) => this.#oscillates(row, step) || this.#stands(row));
    this.#reduced.fill(0);
    for (const row of rows) {
      this.#reduced[row] = 1;
      this.lengths[row] = (this.lengths[row] as number) / 2;
    }
    this.#bestAtCheck = this.#best.slice();
    this.#period = Math.max(
      this.#period - Math.max(Math.trunc(0.03 * this.#steps), 1),
      Math.max(Math.trunc(0.06 * this.#steps), 1),
    );
    this.#since = 0;
    return rows;
  }

  /** The loss grew in at most 75 % of the steps since the last checkpoint. */
  #oscillates(row: number, step: number): boolean {
    let grown = 0;
    for (let back = 0; back < this.#period; back += 1) {
      const [now, before] = [this.#history[step - back]?.[row], this.#history[step - back - 1]?.[row]];
      if (now !== undefined && before !== undefined && now > before) grown += 1;
    }
    return grown <= this.#period * 0.75;
  }

  #stands(row: number): boolean {
    return this.#reduced[row] === 0 && (this.#bestAtCheck[row] as number) >= (this.#best[row] as number);
  }
}
