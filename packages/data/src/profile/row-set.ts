import type { Hash } from '../metrics/merkle.ts';

/** Rows that have been seen, by 64 bits of their hash: some bytes a row, and no more than a bound. */
export class RowSet {
  #slots = new Uint32Array(2 * 1024);
  #size = 0;
  readonly #bound: number;
  #isFull = false;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Different rows; nothing where there were more than the bound. */
  get size(): number | undefined {
    return this.#isFull ? undefined : this.#size;
  }

  add(hash: Hash): void {
    if (this.#isFull) return;
    if (this.#size >= this.#bound) {
      this.#isFull = true;
      this.#slots = new Uint32Array(0);
      return;
    }
    if (this.#size * 4 > this.#slots.length) this.#grow();
    // 0 and 0 stand for an empty slot.
    if (place(this.#slots, wordAt(hash, 0), (wordAt(hash, 4) | 1) >>> 0)) this.#size += 1;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const low = this.#slots[at + 1] ?? 0;
      if (low !== 0) place(larger, this.#slots[at] ?? 0, low);
    }
    this.#slots = larger;
  }
}

/** Four bytes as a whole number. */
const wordAt = (bytes: Hash, at: number): number =>
  ((bytes.charCodeAt(at) << 24) |
    (bytes.charCodeAt(at + 1) << 16) |
    (bytes.charCodeAt(at + 2) << 8) |
    bytes.charCodeAt(at + 3)) >>>
  0;

/** Whether it was not there. */
function place(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let at = (high & mask) * 2; ; at = (at + 2) & (slots.length - 1)) {
    if (slots[at + 1] === 0) {
      slots[at] = high;
      slots[at + 1] = low;
      return true;
    }
    if (slots[at] === high && slots[at + 1] === low) return false;
  }
}
