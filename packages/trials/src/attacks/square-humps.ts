import type { Random } from '@holdfast/statistics';
import type { Threat } from './attack.ts';
import { clip } from './ball.ts';
import { projectDiamondInBox } from './box-diamond.ts';
import type { SquareMoves } from './square-moves.ts';
import { hump, type ImageShape, lengthOf, powerOf, type Sides, windowOf } from './square-window.ts';

/** A window within a channel, by its first line and column. */
type Corner = readonly [top: number, left: number];

/**
 * Moves of Square Attack for L2 and L1: a grid of humps, and then one hump, for which the change of another window is taken
 * away (Andriushchenko et al., arXiv:1912.00049, algorithm 3; for L1 as AutoAttack has it).
 */
export class HumpMoves implements SquareMoves {
  readonly #shape: ImageShape;
  readonly #size: number;
  readonly #threat: Threat;
  readonly #random: Random;
  readonly #norm: 'l1' | 'l2';
  readonly #humps = new Map<string, Float64Array>();
  /** Of the row that is worked on. */
  readonly #change: Float64Array;

  constructor(shape: ImageShape, threat: Threat, random: Random, norm: 'l1' | 'l2') {
    this.#shape = shape;
    this.#size = shape[0] * shape[1] * shape[2];
    this.#threat = threat;
    this.#random = random;
    this.#norm = norm;
    this.#change = new Float64Array(this.#size);
  }

  /** Five humps each way, or as many as there is room for. */
  begin(x: Float32Array): void {
    const [, height, width] = this.#shape;
    const side = Math.max(Math.floor((height === 1 ? width : Math.min(height, width)) / 5), 1);
    const sides = [height === 1 ? 1 : side, side] as const;
    const origin = x.slice();
    for (let start = 0; start < x.length; start += this.#size) {
      this.#change.fill(0);
      for (let top = 0; top + sides[0] <= height; top += sides[0]) {
        for (let left = 0; left + side <= width; left += side) this.#stamp([top, left], sides);
      }
      this.#put(x, origin, start);
    }
    this.#inside(x, origin);
  }

  change(x: Float32Array, origin: Float32Array, share: number): void {
    const sides = windowOf(this.#shape, share, 3);
    for (let start = 0; start < x.length; start += this.#size) {
      for (let index = 0; index < this.#size; index += 1) {
        this.#change[index] = (x[start + index] as number) - (origin[start + index] as number);
      }
      this.#move(sides);
      this.#put(x, origin, start);
    }
    this.#inside(x, origin);
  }

  #stamp([top, left]: Corner, [tall, wide]: Sides): void {
    const [channels, height, width] = this.#shape;
    const shape = this.#hump([tall, wide]);
    for (let channel = 0; channel < channels; channel += 1) {
      const sign = this.#sign();
      for (const [index, value] of shape.entries()) {
        const line = channel * height + top + Math.floor(index / wide);
        this.#change[line * width + left + (index % wide)] = sign * value;
      }
    }
  }

  /** One window gets a hump on what is there, all of the length that both windows had, and what was spare; the other nothing. */
  #move(sides: Sides): void {
    const [channels, height, width] = this.#shape;
    const [to, from] = [this.#corner(sides), this.#corner(sides)];
    const shape = this.#hump(sides);
    const spare = this.#spare();
    for (let channel = 0; channel < channels; channel += 1) {
      const own = this.#change.subarray(channel * height * width, (channel + 1) * height * width);
      const mixed = this.#mixed(own, to, sides, shape);
      const has = this.#emptied(own, to, sides) + this.#emptied(own, from, sides);
      // AutoAttack multiplies by the number of channels for L1.
      const gets = this.#norm === 'l2' ? Math.sqrt(spare + has) : (spare + has) * channels;
      const scale = gets / (lengthOf(mixed, this.#norm) + 1e-12);
      for (const [index, value] of mixed.entries()) own[this.#at(to, index, sides[1])] = scale * value;
    }
  }

  /** What of the radius is not used, for each channel: of squares for L2. */
  #spare(): number {
    const { epsilon } = this.#threat.ball;
    const used = lengthOf(this.#change, this.#norm);
    const rest = this.#norm === 'l2' ? epsilon ** 2 - used ** 2 : epsilon - used;
    return Math.max(rest, 0) / this.#shape[0];
  }

  /** The window scaled to length 1, with the hump or its opposite on it. */
  #mixed(own: Float64Array, to: Corner, [, wide]: Sides, shape: Float64Array): Float64Array {
    const mixed = new Float64Array(shape.length);
    for (let index = 0; index < mixed.length; index += 1) mixed[index] = own[this.#at(to, index, wide)] as number;
    const [length, sign] = [lengthOf(mixed, this.#norm) + 1e-12, this.#sign()];
    for (let index = 0; index < mixed.length; index += 1) {
      mixed[index] = (mixed[index] as number) / length + sign * (shape[index] as number);
    }
    return mixed;
  }

  /** Takes a window's change away. @returns what it was, of squares for L2 */
  #emptied(own: Float64Array, corner: Corner, [tall, wide]: Sides): number {
    let total = 0;
    for (let index = 0; index < tall * wide; index += 1) {
      const at = this.#at(corner, index, wide);
      total += powerOf(own[at] as number, this.#norm);
      own[at] = 0;
    }
    return total;
  }

  #at([top, left]: Corner, index: number, wide: number): number {
    return (top + Math.floor(index / wide)) * this.#shape[2] + left + (index % wide);
  }

  #corner([tall, wide]: Sides): Corner {
    const [, height, width] = this.#shape;
    return [this.#random.integer(height - tall + 1), this.#random.integer(width - wide + 1)];
  }

  #hump(sides: Sides): Float64Array {
    const [tall, wide] = sides;
    const isSideways = tall === 1 || (wide > 1 && this.#random.uniform() < 0.5);
    const key = `${tall}×${wide} ${isSideways}`;
    const known = this.#humps.get(key) ?? hump(sides, this.#norm, isSideways);
    this.#humps.set(key, known);
    return known;
  }

  #sign(): number {
    return this.#random.uniform() < 0.5 ? -1 : 1;
  }

  /** L2: scaled to the radius; L1: as it is, to be projected. */
  #put(x: Float32Array, origin: Float32Array, start: number): void {
    const scale = this.#norm === 'l2' ? this.#threat.ball.epsilon / (lengthOf(this.#change, 'l2') + 1e-12) : 1;
    for (let index = 0; index < this.#size; index += 1) {
      x[start + index] = (origin[start + index] as number) + scale * (this.#change[index] as number);
    }
  }

  #inside(x: Float32Array, origin: Float32Array): void {
    const { ball, bounds } = this.#threat;
    if (this.#norm === 'l1') projectDiamondInBox(x, origin, this.#size, ball.epsilon * (1 - 1e-6), bounds);
    else clip(x, bounds);
  }
}
