import type { Random } from '@holdfast/statistics';
import type { Victim } from '../victim.ts';
import type { Attack, Samples } from './attack.ts';
import { type Ball, type Bounds, clip, normOf } from './ball.ts';
import { copyRow } from './rows.ts';

export interface HopSkipJumpOptions {
  /** 50 unless given, about 25,000 questions a row. */
  readonly iterations?: number;
  /** Questions for the first direction; 100 in the paper. Later ones ask more: times √t. */
  readonly questions?: number;
  /** At most so many questions for a direction; 10,000 in the paper. */
  readonly mostQuestions?: number;
  /** Random samples that are tried as a start; 100 unless given. */
  readonly starts?: number;
  /** L2 or L∞; that of the threat unless given. */
  readonly norm?: Exclude<Ball['norm'], 'l1'>;
}

/**
 * HopSkipJump: the smallest change with another answer, asking the file for nothing but classes. From a random sample that
 * the model takes for another class: the boundary on the way to the sample by bisection; there the direction
 * Σ (φ(x + δuᵢ) − φ̄) uᵢ of random uᵢ of length 1, φ = ±1 by the class; a step of ‖x − x₀‖ / √t along it (its sign in L∞),
 * halved until the class is still another. The nearest boundary point counts. It does not keep to the radius of the threat.
 *
 * Source: Chen, Jordan & Wainwright, arXiv:1904.02144, algorithms 1 and 2, equation 16; the sizes of δ and of the bisection
 * are those of ART 1.20.1, which float32 can follow: 0.01 ‖x − x₀‖, and 0.01/√d in L2 or 0.01/d in L∞. Where no random
 * sample is of another class, other samples are starts.
 * @throws RangeError in L1
 * @example
 * ```ts
 * import { hopSkipJump, type OnnxVictim, type Samples } from '@holdfast/trials';
 * import { randomOf } from '@holdfast/statistics';
 * declare const victim: OnnxVictim;
 * declare const samples: Samples;
 * const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
 * const changed = await hopSkipJump({ iterations: 20 })(victim, samples, threat, randomOf(0));
 * ```
 */
export function hopSkipJump(options: HopSkipJumpOptions = {}): Attack {
  return async (victim, samples, { ball, bounds }, random) => {
    const norm = options.norm ?? ball.norm;
    if (norm === 'l1') throw new RangeError('HopSkipJump is for L2 and L∞');
    const walk = new Walk(victim, samples, bounds, norm, random);
    await walk.begin(options.starts ?? 100);
    for (let turn = 1; turn <= (options.iterations ?? 50); turn += 1) {
      const questions = Math.trunc((options.questions ?? 100) * Math.sqrt(turn));
      await walk.turn(turn, Math.min(questions, options.mostQuestions ?? 10_000));
    }
    return walk.nearest;
  };
}

/** Numbers that go through the model at once. */
const mostNumbers = 2 ** 22;

class Walk {
  /** The samples themselves where no start was found. */
  readonly nearest: Float32Array;
  readonly #victim: Victim;
  readonly #samples: Samples;
  readonly #bounds: Bounds;
  readonly #norm: 'l2' | 'linf';
  readonly #random: Random;
  /** Where each row is: of another class, and from the end of each turn on at the boundary. */
  readonly #at: Float32Array;
  readonly #shortest: Float64Array;
  #rows: number[] = [];

  constructor(victim: Victim, samples: Samples, bounds: Bounds, norm: 'l2' | 'linf', random: Random) {
    this.#victim = victim;
    this.#samples = samples;
    this.#bounds = bounds;
    this.#norm = norm;
    this.#random = random;
    this.nearest = samples.x.slice();
    this.#at = samples.x.slice();
    this.#shortest = new Float64Array(samples.labels.length).fill(Number.POSITIVE_INFINITY);
  }

  /** Random samples of another class, drawn near in L2 and then to the boundary. */
  async begin(starts: number): Promise<void> {
    const { labels, x } = this.#samples;
    const { low, high } = this.#bounds;
    const clean = await this.#areOther([...labels.keys()], x);
    const right = [...labels.keys()].filter((row) => clean[row] === false);
    let missing = right;
    for (let start = 0; start < starts && missing.length > 0; start += 1) {
      const drawn = Float32Array.from(
        { length: missing.length * this.#victim.size },
        () => low + (high - low) * this.#random.uniform(),
      );
      missing = await this.#take(missing, drawn);
    }
    for (let shift = 1; shift < labels.length && missing.length > 0; shift += 1) {
      const others = missing.flatMap((row) => [...this.#row(x, (row + shift) % labels.length)]);
      missing = await this.#take(missing, Float32Array.from(others));
    }
    this.#rows = right.filter((row) => !missing.includes(row));
    await this.#toBoundary('l2', 0.001);
    await this.#toBoundary(this.#norm, this.#precision());
  }

  /** @returns rows of which what was drawn is of no other class */
  async #take(rows: readonly number[], drawn: Float32Array): Promise<number[]> {
    const other = await this.#areOther(rows, drawn);
    for (const [place, row] of rows.entries()) {
      if (other[place] === true) this.#at.set(this.#row(drawn, place), row * this.#victim.size);
    }
    return rows.filter((_, place) => other[place] === false);
  }

  /** A direction, a step along it, and back to the boundary. */
  async turn(turn: number, questions: number): Promise<void> {
    const { size } = this.#victim;
    const rows = this.#rows;
    const lengths = rows.map((row) => this.#lengthOf(row));
    const directions = new Float32Array(rows.length * size);
    for (const [place, row] of rows.entries()) {
      const near = turn === 1 ? 0.1 * (this.#bounds.high - this.#bounds.low) : 0.01 * (lengths[place] as number);
      directions.set(await this.#direction(row, near, questions), place * size);
    }
    await this.#step(directions, lengths, Math.sqrt(turn));
    await this.#toBoundary(this.#norm, this.#precision());
  }

  /** Steps of ‖x − x₀‖ / √t, halved until the class is another; a row that finds none in 30 halvings stays. */
  async #step(directions: Float32Array, lengths: readonly number[], root: number): Promise<void> {
    const { size } = this.#victim;
    let open = [...this.#rows.keys()];
    for (let halving = 0; halving < 30 && open.length > 0; halving += 1) {
      const rows = open.map((place) => this.#rows[place] as number);
      const there = new Float32Array(open.length * size);
      for (const [slot, place] of open.entries()) {
        const length = (lengths[place] as number) / root / 2 ** halving;
        const from = this.#row(this.#at, rows[slot] as number);
        const step = (value: number, index: number) => value + length * (directions[place * size + index] as number);
        there.set(from.map(step), slot * size);
      }
      clip(there, this.#bounds);
      const missed = new Set(await this.#take(rows, there));
      open = open.filter((place) => missed.has(this.#rows[place] as number));
    }
  }

  /** Where the boundary rises, by questions around a point on it. */
  async #direction(row: number, near: number, questions: number): Promise<Float32Array> {
    const { size } = this.#victim;
    const at = this.#row(this.#at, row);
    const total = new Float64Array(size);
    const all = new Float64Array(size);
    let others = 0;
    const perCall = Math.max(1, Math.floor(mostNumbers / size));
    for (let asked = 0; asked < questions; asked += perCall) {
      const count = Math.min(perCall, questions - asked);
      const around = this.#around(at, near, count);
      const other = await this.#areOther(
        Array.from({ length: count }, () => row),
        around,
      );
      for (const [place, isOther] of other.entries()) {
        if (isOther) others += 1;
        for (let index = 0; index < size; index += 1) {
          const away = (around[place * size + index] as number) - (at[index] as number);
          all[index] = (all[index] as number) + away;
          if (isOther) total[index] = (total[index] as number) + away;
        }
      }
    }
    return this.#unit(directionOf(total, all, others / questions));
  }

  /** Random points on a sphere, as far as the bounds let them. */
  #around(at: Float32Array, near: number, count: number): Float32Array {
    const size = at.length;
    const noise = new Float32Array(count * size);
    if (this.#norm === 'l2') this.#random.fillNormal(noise);
    else for (let index = 0; index < noise.length; index += 1) noise[index] = 2 * this.#random.uniform() - 1;
    for (let place = 0; place < count; place += 1) {
      const scale = near / normOf(noise, place, size, 'l2');
      for (let index = 0; index < size; index += 1) {
        noise[place * size + index] = (at[index] as number) + scale * (noise[place * size + index] as number);
      }
    }
    clip(noise, this.#bounds);
    return noise;
  }

  #unit(direction: Float64Array): Float32Array {
    if (this.#norm === 'linf') return Float32Array.from(direction, Math.sign);
    const length = Math.sqrt(direction.reduce((sum, each) => sum + each * each, 0)) || 1;
    return Float32Array.from(direction, (each) => each / length);
  }

  /**
   * Bisects between each sample and where its row is: on the line in L2, by clipping to a smaller cube in L∞.
   * @param precision of the share of the way
   */
  async #toBoundary(norm: 'l2' | 'linf', precision: number): Promise<void> {
    const rows = this.#rows;
    const [right, other] = [new Float64Array(rows.length), new Float64Array(rows.length).fill(1)];
    const far = this.#at.slice();
    for (let width = 1; width > precision; width /= 2) {
      const middle = right.map((share, place) => (share + (other[place] as number)) / 2);
      const found = await this.#areOther(rows, this.#between(far, norm, middle));
      for (const [place, share] of middle.entries()) (found[place] === true ? other : right)[place] = share;
    }
    const reached = this.#between(far, norm, other);
    for (const [place, row] of rows.entries()) {
      if (other[place] !== 1) this.#at.set(this.#row(reached, place), row * this.#victim.size);
      const length = this.#lengthOf(row);
      if (length >= (this.#shortest[row] as number)) continue;
      this.#shortest[row] = length;
      copyRow(this.nearest, this.#at, row, this.#victim.size);
    }
  }

  #between(far: Float32Array, norm: 'l2' | 'linf', shares: Float64Array): Float32Array {
    const { size } = this.#victim;
    const points = new Float32Array(shares.length * size);
    for (const [place, share] of shares.entries()) {
      const row = this.#rows[place] as number;
      const origin = this.#row(this.#samples.x, row);
      const end = this.#row(far, row);
      const away = end.map((value, index) => value - (origin[index] as number));
      const most = norm === 'linf' ? share * normOf(away, 0, size, 'linf') : Number.POSITIVE_INFINITY;
      const scale = norm === 'linf' ? 1 : share;
      points.set(
        origin.map((value, index) => value + Math.min(most, Math.max(-most, scale * (away[index] as number)))),
        place * size,
      );
    }
    clip(points, this.#bounds);
    return points;
  }

  #precision(): number {
    const { size } = this.#victim;
    return 0.01 / (this.#norm === 'l2' ? Math.sqrt(size) : size);
  }

  #lengthOf(row: number): number {
    const origin = this.#row(this.#samples.x, row);
    const away = this.#row(this.#at, row).map((value, index) => value - (origin[index] as number));
    return normOf(away, 0, away.length, this.#norm);
  }

  /** Whether the file takes each point for another class than that of its row. */
  async #areOther(rows: readonly number[], x: Float32Array): Promise<boolean[]> {
    const { size } = this.#victim;
    const perCall = Math.max(1, Math.floor(mostNumbers / size));
    const found: boolean[] = [];
    for (let start = 0; start < rows.length; start += perCall) {
      const classes = await this.#victim.classify(x.slice(start * size, (start + perCall) * size));
      for (const [place, each] of classes.entries()) {
        found.push(each !== this.#samples.labels[rows[start + place] as number]);
      }
    }
    return found;
  }

  #row(x: Float32Array, row: number): Float32Array {
    return x.subarray(row * this.#victim.size, (row + 1) * this.#victim.size);
  }
}

/**
 * Σ (φᵢ − φ̄)·uᵢ of what was asked, up to a factor; where all answers were alike, ±Σ uᵢ.
 * @param total of those of another class
 * @param all of all
 */
function directionOf(total: Float64Array, all: Float64Array, share: number): Float64Array {
  if (share === 1) return all;
  if (share === 0) return all.map((each) => -each);
  return total.map((each, index) => each - share * (all[index] as number));
}
