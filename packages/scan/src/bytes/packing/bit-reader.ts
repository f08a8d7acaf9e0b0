import { type ByteSource, NotUnderstood } from '../source.ts';

/** A page at first, and at most: a file may have very many short streams. */
const firstBytes = 2 ** 9;
const pageBytes = 2 ** 16;

/** Bits of a source, the highest of each byte first. */
export class BitReader {
  readonly #source: ByteSource;
  #page = new Uint8Array(0);
  #pageBytes = firstBytes;
  /** Within the page. */
  #at = 0;
  /** Where the next page starts. */
  #next: number;
  #bits = 0;
  #count = 0;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#next = start;
  }

  /** Offset of the first byte of which no bit was read. */
  get offset(): number {
    return this.#next - this.#page.byteLength + this.#at - (this.#count >> 3);
  }

  /** At most 24 bits, as a number. */
  bits(count: number): number {
    while (this.#count < count) {
      if (this.#at === this.#page.byteLength) this.#turn();
      this.#bits = ((this.#bits << 8) | (this.#page[this.#at++] ?? 0)) & 0x7fffffff;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  bit(): number {
    return this.bits(1);
  }

  /** 32 bits, unsigned. */
  u32(): number {
    return this.bits(16) * 2 ** 16 + this.bits(16);
  }

  #turn(): void {
    const length = Math.min(this.#pageBytes, this.#source.size - this.#next);
    this.#pageBytes = Math.min(this.#pageBytes * 4, pageBytes);
    if (length <= 0) throw new NotUnderstood('cut short', this.#source.size);
    this.#page = new Uint8Array(this.#source.read(this.#next, length));
    this.#at = 0;
    this.#next += length;
  }
}
