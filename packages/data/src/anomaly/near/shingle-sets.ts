import { mixed } from './shingles.ts';

/**
 * Sets of 32-bit hashes, each different set once, one behind the other: four bytes a hash. Sets of the same hashes are the
 * same set.
 */
export class ShingleSets {
  /** How many different sets there are. */
  count = 0;
  #values = new Uint32Array(2 ** 16);
  /** Where the set of a number begins; it ends where the next one begins. */
  #starts = new Uint32Array(2 ** 12);
  /** Open addressing: the number of a set, plus one. */
  #slots = new Uint32Array(2 ** 13);
  readonly #limit: number;

  /** @param limit how many bytes may be held */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#values.byteLength + this.#starts.byteLength + this.#slots.byteLength;
  }

  /** All hashes; those of set n are from `starts[n]` to before `starts[n + 1]`, ascending. */
  get values(): Uint32Array {
    return this.#values;
  }

  get starts(): Uint32Array {
    return this.#starts;
  }

  size(set: number): number {
    return (this.#starts[set + 1] ?? 0) - (this.#starts[set] ?? 0);
  }

  /**
   * The number of the set of the first `count` hashes, which ascend; undefined where it is a new one and there is no room.
   */
  add(hashes: Uint32Array, count: number): number | undefined {
    const mask = this.#slots.length - 1;
    let slot = hashOf(hashes, count) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0) break;
      if (this.#is(found - 1, hashes, count)) return found - 1;
      slot = (slot + 1) & mask;
    }
    if (!this.#makeRoom(count)) return undefined;
    return this.#append(hashes, count, slot);
  }

  #append(hashes: Uint32Array, count: number, slot: number): number {
    const start = this.#starts[this.count] ?? 0;
    for (let at = 0; at < count; at += 1) this.#values[start + at] = hashes[at] ?? 0;
    this.#starts[this.count + 1] = start + count;
    this.#slots[slot] = this.count + 1;
    this.count += 1;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return this.count - 1;
  }

  #is(set: number, hashes: Uint32Array, count: number): boolean {
    const start = this.#starts[set] ?? 0;
    if (this.size(set) !== count) return false;
    for (let at = 0; at < count; at += 1) if (this.#values[start + at] !== hashes[at]) return false;
    return true;
  }

  #makeRoom(count: number): boolean {
    const needed = (this.#starts[this.count] ?? 0) + count;
    let [values, starts] = [this.#values.length, this.#starts.length];
    while (values < needed) values *= 2;
    while (starts < this.count + 2) starts *= 2;
    const slots = (this.count + 1) * 2 > this.#slots.length ? 2 * this.#slots.length : this.#slots.length;
    if (4 * (values + starts + slots) > this.#limit) return false;
    if (values > this.#values.length) this.#values = enlarged(this.#values, values);
    if (starts > this.#starts.length) this.#starts = enlarged(this.#starts, starts);
    return true;
  }

  #rehash(): void {
    const slots = new Uint32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let set = 0; set < this.count; set += 1) {
      const start = this.#starts[set] ?? 0;
      let slot = hashOf(this.#values.subarray(start), this.size(set)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = set + 1;
    }
    this.#slots = slots;
  }
}

function enlarged(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}

function hashOf(hashes: Uint32Array, count: number): number {
  let hash = count;
  for (let at = 0; at < count; at += 1) hash = Math.imul(hash ^ (hashes[at] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
  return mixed(hash);
}
