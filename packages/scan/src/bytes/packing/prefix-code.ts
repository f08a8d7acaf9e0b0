import { NotUnderstood } from '../source.ts';
import type { BitReader } from './bit-reader.ts';

const longest = 20;

/** A canonical prefix code: shorter codes first, among those of one length the lower symbol first. */
export class PrefixCode {
  /** By length: one more than the largest code, and what to add to a code for its symbol's place. */
  readonly #ends = new Int32Array(longest + 2);
  readonly #shifts = new Int32Array(longest + 2);
  readonly #symbols: Uint16Array;
  readonly #shortest: number;

  constructor(lengths: Uint8Array) {
    const counts = new Uint16Array(longest + 2);
    for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
    this.#symbols = Uint16Array.from(
      [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b),
    );
    this.#shortest = Math.min(...lengths);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= longest; length++) {
      const count = counts[length] ?? 0;
      this.#shifts[length] = place - code;
      this.#ends[length] = code + count;
      place += count;
      code = (code + count) << 1;
    }
  }

  /** @throws NotUnderstood for bits that are no code */
  next(reader: BitReader): number {
    let code = reader.bits(this.#shortest);
    for (let length = this.#shortest; length <= longest; length++) {
      if (code < (this.#ends[length] ?? 0)) return this.#symbols[code + (this.#shifts[length] ?? 0)] ?? 0;
      code = (code << 1) | reader.bit();
    }
    throw new NotUnderstood('broken: bits that are no code', reader.offset);
  }
}
