import { type ByteSource, NotUnderstood } from '../source.ts';

const pageBytes = 2 ** 16;
/** Probabilities have 11 bits and move by 1/32 of the way; a range below 2^24 takes another byte. */
const certain = 2 ** 11;
export const evenly = certain / 2;

/** The range decoder of LZMA (LZMA SDK, `lzma-specification.txt`): binary decisions, each with its probability. */
export class RangeDecoder {
  readonly #source: ByteSource;
  #page = new Uint8Array(0);
  #at = 0;
  #next = 0;
  #end = 0;
  // Typed arrays, so that numbers of 32 bits without sign stay out of the heap.
  readonly #range = new Uint32Array(1);
  readonly #code = new Uint32Array(1);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Starts a stream that may not go on behind `end`. */
  start(at: number, end: number): void {
    this.#next = at;
    this.#end = end;
    this.#page = new Uint8Array(0);
    this.#at = 0;
    if (this.#byte() !== 0) throw new NotUnderstood('broken: LZMA starts with another byte than 0', at);
    this.#range[0] = 0xffffffff;
    this.#code[0] = 0;
    for (let byte = 0; byte < 4; byte++) this.#code[0] = (this.#code[0] << 8) | this.#byte();
  }

  /** Offset of the byte that would be read next. */
  get offset(): number {
    return this.#next - this.#page.byteLength + this.#at;
  }

  /** Whether the stream may end here. */
  get isFinished(): boolean {
    return this.#code[0] === 0;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? evenly;
    const range = this.#range[0] ?? 0;
    const code = this.#code[0] ?? 0;
    const bound = (range >>> 11) * probability;
    let bit = 0;
    if (code < bound) {
      this.#range[0] = bound;
      probabilities[index] = probability + ((certain - probability) >> 5);
    } else {
      this.#range[0] = range - bound;
      this.#code[0] = code - bound;
      probabilities[index] = probability - (probability >> 5);
      bit = 1;
    }
    if (this.#range[0] < 0x1000000) this.#shift();
    return bit;
  }

  /** Bits that are as likely 0 as 1, the highest first. */
  direct(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++) {
      const half = (this.#range[0] ?? 0) >>> 1;
      const code = this.#code[0] ?? 0;
      this.#range[0] = half;
      if (code >= half) this.#code[0] = code - half;
      value = value * 2 + (code >= half ? 1 : 0);
      if (half < 0x1000000) this.#shift();
    }
    return value;
  }

  /** A number of `count` bits by a tree of decisions at `base`, the highest bit first. */
  tree(probabilities: Uint16Array, base: number, count: number): number {
    let node = 1;
    for (let bit = 0; bit < count; bit++) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << count);
  }

  /** The same, the lowest bit first. */
  reverseTree(probabilities: Uint16Array, base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let at = 0; at < count; at++) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  #shift(): void {
    this.#range[0] = (this.#range[0] ?? 0) << 8;
    this.#code[0] = ((this.#code[0] ?? 0) << 8) | this.#byte();
  }

  #byte(): number {
    if (this.#at === this.#page.byteLength) {
      const length = Math.min(pageBytes, this.#end - this.#next);
      if (length <= 0) throw new NotUnderstood('cut short', this.#end);
      this.#page = new Uint8Array(this.#source.read(this.#next, length));
      this.#next += length;
      this.#at = 0;
    }
    return this.#page[this.#at++] ?? 0;
  }
}
