import { BeyondLimit } from './beyond-limit.ts';

/** The stack of values with its marks, as `_pickle.c` has it: nothing below the last mark is within reach. */
export class Stack {
  kinds = new Uint8Array(1024);
  values = new Float64Array(1024);
  /** How many values there are. */
  size = 0;
  /** Where the values behind the last mark start. */
  fence = 0;
  marks = new Int32Array(256);
  markCount = 0;
  readonly #limit: number;

  /** @param limit of values, and of marks */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(kind: number, value: number): void {
    if (this.size === this.kinds.length) this.#grow();
    this.kinds[this.size] = kind;
    this.values[this.size] = value;
    this.size += 1;
  }

  mark(): void {
    if (this.markCount === this.marks.length) {
      if (this.markCount * 2 > this.#limit) throw new BeyondLimit(`more than ${this.markCount} marks are nested`);
      const marks = new Int32Array(this.markCount * 2);
      marks.set(this.marks);
      this.marks = marks;
    }
    this.marks[this.markCount] = this.size;
    this.markCount += 1;
    this.fence = this.size;
  }

  /** Takes the last mark away and answers where it was: the values from there on are its items; -1 without a mark. */
  unmark(): number {
    if (this.markCount === 0) return -1;
    this.markCount -= 1;
    this.fence = this.markCount === 0 ? 0 : (this.marks[this.markCount - 1] ?? 0);
    return this.marks[this.markCount] ?? 0;
  }

  #grow(): void {
    const length = Math.min(this.size * 2, this.#limit);
    if (length === this.size) throw new BeyondLimit(`more than ${this.#limit} values are on the stack`);
    const [kinds, values] = [new Uint8Array(length), new Float64Array(length)];
    kinds.set(this.kinds);
    values.set(this.values);
    [this.kinds, this.values] = [kinds, values];
  }
}
