/** Hashes of 64 bits in 16 to 64 bytes each. */
export class HashSet {
  #slots = new Uint32Array(2 ** 15);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether it was not there. Both halves are whole numbers below 2³². */
  add(high: number, low: number): boolean {
    if (this.#size * 4 > this.#slots.length) this.#grow();
    // nothing and 0 stand for an empty slot: two hashes that differ in this bit alone are taken for one
    if (!placed(this.#slots, high, (low | 1) >>> 0)) return false;
    this.#size += 1;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 4);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const low = this.#slots[at + 1] ?? 0;
      if (low !== 0) placed(larger, this.#slots[at] ?? 0, low);
    }
    this.#slots = larger;
  }
}

/** Whether it was not there. */
function placed(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length - 1;
  for (let at = (high * 2) & mask; ; at = (at + 2) & mask) {
    if (slots[at + 1] === 0) {
      slots[at] = high;
      slots[at + 1] = low;
      return true;
    }
    if (slots[at] === high && slots[at + 1] === low) return false;
  }
}
