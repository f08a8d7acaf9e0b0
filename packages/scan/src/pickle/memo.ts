import type { Page } from './arena.ts';
import { BeyondLimit } from './beyond-limit.ts';

const pageBits = 14;
const pageEntries = 2 ** pageBits;
const absent = 255;

/** What was put before, as {@link Memo} has it. */
export interface Before {
  readonly size: number;
  kindAt(index: number): number | undefined;
  valueAt(index: number): number;
}

/** What PUT, BINPUT and MEMOIZE keep, nine bytes an entry. Pages are made when one of their entries is put. */
export class Memo {
  /** How many entries there are: the next number of MEMOIZE, in `pickle.py` as in `_pickle.c`. */
  size: number;
  readonly #before: Before | undefined;
  readonly #pages: (Page | undefined)[] = [];
  readonly #limit: number;
  #first: Page = { kinds: new Uint8Array(256).fill(absent), values: new Float64Array(256), settled: true };
  #made = 0;

  /**
   * @param limit of entries
   * @param before what is there already, and stays as it is
   */
  constructor(limit: number, before?: Before) {
    this.#limit = limit;
    this.#before = before;
    this.size = before?.size ?? 0;
  }

  /** Entries that take memory, used or not. */
  get reserved(): number {
    return this.#made * pageEntries;
  }

  /** @throws NotUnderstood beyond the limit */
  put(index: number, kind: number, value: number): void {
    const page = this.#pages[index >>> pageBits] ?? this.#make(index);
    const slot = index & (pageEntries - 1);
    if (page.kinds[slot] === absent && this.#before?.kindAt(index) === undefined) this.size += 1;
    page.settled = false;
    page.kinds[slot] = kind;
    page.values[slot] = value;
  }

  /** Whether an entry of the first page was put. */
  has(index: number): boolean {
    return (this.#first.kinds[index] ?? absent) !== absent;
  }

  kindOf(index: number): number {
    return this.#first.kinds[index] ?? absent;
  }

  valueOf(index: number): number {
    return this.#first.values[index] ?? 0;
  }

  /** The kind of an entry, or undefined where nothing was put. */
  kindAt(index: number): number | undefined {
    const kind = index < this.#limit ? this.#pages[index >>> pageBits]?.kinds[index & (pageEntries - 1)] : undefined;
    return kind === undefined || kind === absent ? this.#before?.kindAt(index) : kind;
  }

  valueAt(index: number): number {
    const page = this.#pages[index >>> pageBits];
    const slot = index & (pageEntries - 1);
    if (page === undefined || page.kinds[slot] === absent) return this.#before?.valueAt(index) ?? 0;
    return page.values[slot] ?? 0;
  }

  /** Every page, for what changes entries in place. */
  *pages(): Generator<Page> {
    for (const page of this.#pages) if (page !== undefined) yield page;
  }

  #make(index: number): Page {
    if (index >= this.#limit || this.reserved >= this.#limit) {
      throw new BeyondLimit(`memo ${index}: more than ${this.#limit} entries are not kept`);
    }
    this.#made += 1;
    const kinds = new Uint8Array(pageEntries).fill(absent);
    const page: Page = { kinds, values: new Float64Array(pageEntries), settled: true };
    while (this.#pages.length <= index >>> pageBits) this.#pages.push(undefined);
    this.#pages[index >>> pageBits] = page;
    if (index < pageEntries) this.#first = page;
    return page;
  }
}
