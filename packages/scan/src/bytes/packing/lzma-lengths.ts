import { evenly, type RangeDecoder } from './range-decoder.ts';

/** Lengths of matches: 2 to 9 and 10 to 17 by position, 18 to 273 whatever the position. */
export class LzmaLengths {
  readonly #choice = new Uint16Array(2);
  readonly #low = new Uint16Array(16 * 8);
  readonly #middle = new Uint16Array(16 * 8);
  readonly #high = new Uint16Array(256);

  reset(): void {
    for (const probabilities of [this.#choice, this.#low, this.#middle, this.#high]) probabilities.fill(evenly);
  }

  next(range: RangeDecoder, position: number): number {
    if (range.bit(this.#choice, 0) === 0) return 2 + range.tree(this.#low, position << 3, 3);
    if (range.bit(this.#choice, 1) === 0) return 10 + range.tree(this.#middle, position << 3, 3);
    return 18 + range.tree(this.#high, 0, 8);
  }
}
