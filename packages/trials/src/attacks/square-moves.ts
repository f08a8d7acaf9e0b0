import type { Random } from '@holdfast/statistics';
import type { Threat } from './attack.ts';
import { clip, project } from './ball.ts';
import { projectDiamondInBox } from './box-diamond.ts';
import { hump, lengthOf, type Sides } from './square-window.ts';

/** Channels, height, width: a table counts as an image of one row. */
export type ImageShape = readonly [channels: number, height: number, width: number];

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

function signOf(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
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
    for (let start = 0; start < x.length; start += height * width) {
      const stripes = Float64Array.from({ length: width }, () => signOf(this.#random) * epsilon);
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
      const change = 2 * this.#threat.ball.epsilon * signOf(this.#random);
      for (let line = top; line < top + tall; line += 1) {
        const from = start + (channel * height + line) * width + left;
        for (let index = from; index < from + wide; index += 1) x[index] = (x[index] as number) + change;
      }
    }
  }
}

/** Sides of a window that covers a share of the features; of `least` numbers or more each way, where there is room. */
function windowOf([, height, width]: ImageShape, share: number, least: number): Sides {
  // A window of an image of one row is as long as its share; others are square.
  const exact = height === 1 ? share * width : Math.sqrt(share * height * width);
  const rounded = Math.max(Math.round(exact), least);
  const side = least > 1 && rounded % 2 === 0 ? rounded + 1 : rounded;
  return height === 1 ? [1, Math.min(side, width)] : [Math.min(side, height, width), Math.min(side, height, width)];
}

/**
 * L2 and L1: a grid of humps, and then one hump where the change of another window is taken away (arXiv:1912.00049,
 * algorithm 3; for L1 as AutoAttack has it).
 */
class HumpMoves implements SquareMoves {
  readonly #shape: ImageShape;
  readonly #size: number;
  readonly #threat: Threat;
  readonly #random: Random;
  readonly #norm: 'l1' | 'l2';

  constructor(shape: ImageShape, threat: Threat, random: Random, norm: 'l1' | 'l2') {
    this.#shape = shape;
    this.#size = shape[0] * shape[1] * shape[2];
    this.#threat = threat;
    this.#random = random;
    this.#norm = norm;
  }

  /** Five humps each way, or as many as there are places. */
  begin(x: Float32Array): void {
    const [channels, height, width] = this.#shape;
    const [tall, wide] = [Math.max(Math.floor(height / 5), 1), Math.max(Math.floor(width / 5), 1)];
    const side = height === 1 ? wide : Math.min(tall, wide);
    const origin = x.slice();
    const plane = height * width;
    for (let start = 0; start < x.length; start += plane * channels) {
      const change = new Float64Array(this.#size);
      for (let top = 0; top + (height === 1 ? 1 : side) <= height; top += side) {
        for (let left = 0; left + side <= width; left += side) {
          const shape = hump([height === 1 ? 1 : side, side], this.#norm, this.#random);
          for (let channel = 0; channel < channels; channel += 1) {
            const sign = signOf(this.#random);
            for (const [index, value] of shape.entries()) {
              const at = channel * plane + (top + Math.floor(index / side)) * width + left + (index % side);
              change[at] = sign * value;
            }
          }
        }
      }
      this.#put(x, origin, start, change);
    }
    this.#inside(x, origin);
  }

  change(x: Float32Array, origin: Float32Array, share: number): void {
    for (let start = 0; start < x.length; start += this.#size) this.#move(x, origin, start, share);
    this.#inside(x, origin);
  }

  #move(x: Float32Array, origin: Float32Array, start: number, share: number): void {
    const [channels] = this.#shape;
    const sides = windowOf(this.#shape, share, 3);
    const [to, from] = [this.#place(sides), this.#place(sides)];
    const shape = hump(sides, this.#norm, this.#random);
    const change = Float64Array.from(
      { length: this.#size },
      (_, index) => (x[start + index] as number) - (origin[start + index] as number),
    );
    const spare = this.#spare(lengthOf(change, this.#norm));
    for (let channel = 0; channel < channels; channel += 1) this.#refill(change, channel, shape, { to, from, spare });
    this.#put(x, origin, start, change);
  }

  /** What of the radius is not used, for each channel: of squares for L2. */
  #spare(used: number): number {
    const { epsilon } = this.#threat.ball;
    const rest = this.#norm === 'l2' ? epsilon ** 2 - used ** 2 : epsilon - used;
    return Math.max(rest, 0) / this.#shape[0];
  }

  /** One window gets a hump on what is there, and all of the length that both windows had, and the spare; the other nothing. */
  #refill(
    change: Float64Array,
    channel: number,
    shape: Float64Array,
    { to, from, spare }: { to: readonly number[]; from: readonly number[]; spare: number },
  ): void {
    const base = channel * this.#shape[1] * this.#shape[2];
    const old = Float64Array.from(to, (place) => change[base + place] as number);
    const both = Float64Array.from(new Set([...to, ...from]), (place) => change[base + place] as number);
    const [length, sign] = [lengthOf(old, this.#norm) + 1e-12, signOf(this.#random)];
    const mixed = old.map((value, index) => value / length + sign * (shape[index] as number));
    const has = lengthOf(both, this.#norm);
    // AutoAttack multiplies by the number of channels for L1.
    const gets = this.#norm === 'l2' ? Math.sqrt(spare + has ** 2) : (spare + has) * this.#shape[0];
    const scale = gets / (lengthOf(mixed, this.#norm) + 1e-12);
    for (const place of from) change[base + place] = 0;
    for (const [index, place] of to.entries()) change[base + place] = scale * (mixed[index] as number);
  }

  /** Indices of a window within a channel. */
  #place([tall, wide]: Sides): number[] {
    const [, height, width] = this.#shape;
    const [top, left] = [this.#random.integer(height - tall + 1), this.#random.integer(width - wide + 1)];
    return Array.from(
      { length: tall * wide },
      (_, index) => (top + Math.floor(index / wide)) * width + left + (index % wide),
    );
  }

  /** L2: scaled to the radius; L1: as it is, to be projected. */
  #put(x: Float32Array, origin: Float32Array, start: number, change: Float64Array): void {
    const { epsilon } = this.#threat.ball;
    const scale = this.#norm === 'l2' ? epsilon / (lengthOf(change, 'l2') + 1e-12) : 1;
    for (const [index, value] of change.entries()) {
      x[start + index] = (origin[start + index] as number) + scale * value;
    }
  }

  #inside(x: Float32Array, origin: Float32Array): void {
    const { ball, bounds } = this.#threat;
    if (this.#norm === 'l1') projectDiamondInBox(x, origin, this.#size, ball.epsilon * (1 - 1e-6), bounds);
    else clip(x, bounds);
  }
}
