import { NotUnderstood } from '../source.ts';
import { LzmaLengths } from './lzma-lengths.ts';
import type { LzmaWindow } from './lzma-window.ts';
import { evenly, type RangeDecoder } from './range-decoder.ts';

export interface LzmaProperties {
  /** Bits of the byte before that choose the literal's probabilities. */
  readonly context: number;
  /** Bits of the position that do. */
  readonly literalPosition: number;
  /** Bits of the position that choose the others. */
  readonly position: number;
}

/** Pieces are handed out when they have so many bytes. */
const pieceBytes = 2 ** 17;

/** @throws NotUnderstood for a byte that is none, (pb × 5 + lp) × 9 + lc */
export function lzmaProperties(byte: number): LzmaProperties {
  if (byte >= 9 * 5 * 5) throw new NotUnderstood('broken: properties of LZMA');
  return { context: byte % 9, literalPosition: Math.floor(byte / 9) % 5, position: Math.floor(byte / 45) };
}

/**
 * LZMA, after `lzma-specification.txt` of the LZMA SDK (2015-06-14, public domain); names are its own in comments where
 * ours are longer.
 */
export class LzmaDecoder {
  readonly #range: RangeDecoder;
  readonly #window: LzmaWindow;
  #literals = new Uint16Array(0);
  /** isMatch, isRep, isRepG0, isRepG1, isRepG2, isRep0Long, one behind the other. */
  readonly #kinds = new Uint16Array(12 * 16 + 4 * 12 + 12 * 16);
  readonly #slots = new Uint16Array(4 * 64);
  readonly #special = new Uint16Array(1 + 128 - 14);
  readonly #align = new Uint16Array(16);
  readonly #lengths = new LzmaLengths();
  readonly #repeatLengths = new LzmaLengths();
  #properties: LzmaProperties = { context: 0, literalPosition: 0, position: 0 };
  #state = 0;
  #distances = { d0: 0, d1: 0, d2: 0, d3: 0 };
  /** Of the match under way: a match may be longer than there is room for. */
  #pending = 0;
  /** Bytes that were written since the last reset of the dictionary. */
  #written = 0;

  constructor(range: RangeDecoder, window: LzmaWindow) {
    this.#range = range;
    this.#window = window;
  }

  /** Sets the properties, and all probabilities back. */
  reset(properties: LzmaProperties): void {
    const size = 0x300 << (properties.context + properties.literalPosition);
    if (this.#literals.length !== size) this.#literals = new Uint16Array(size);
    for (const probabilities of [this.#literals, this.#kinds, this.#slots, this.#special, this.#align]) {
      probabilities.fill(evenly);
    }
    this.#lengths.reset();
    this.#repeatLengths.reset();
    this.#properties = properties;
    this.#state = 0;
    this.#distances = { d0: 0, d1: 0, d2: 0, d3: 0 };
    this.#pending = 0;
  }

  /** Counts positions anew, as a reset dictionary does. */
  resetPosition(): void {
    this.#written = 0;
  }

  /** Counts bytes that came into the window by another way. */
  skip(bytes: number): void {
    this.#written += bytes;
  }

  /** Unpacks `size` bytes, or up to the marker of the end where there is one; returns whether that came. */
  *decode(size: number): Generator<Uint8Array, boolean> {
    for (let left = size; left > 0; ) {
      const most = Math.min(left, this.#window.room, pieceBytes);
      const written = this.#fill(most);
      if (written > 0) yield this.#window.take();
      if (written < most) return true;
      left -= written;
    }
    return false;
  }

  /** Whether a match goes on behind the size that was asked for. */
  get isWithinMatch(): boolean {
    return this.#pending > 0;
  }

  /** Reads the marker of the end, which may stand behind the last byte. */
  takeMarker(): boolean {
    return this.#fill(1) === 0;
  }

  /** Writes `most` bytes; fewer at the marker of the end. */
  #fill(most: number): number {
    const window = this.#window;
    const mask = (1 << this.#properties.position) - 1;
    let left = most;
    while (left > 0) {
      if (this.#pending === 0) {
        const position = this.#written & mask;
        if (this.#range.bit(this.#kinds, (this.#state << 4) + position) === 0) {
          this.#literal();
          left -= 1;
          continue;
        }
        this.#pending = this.#match(position);
        if (this.#pending === 0) return most - left;
      }
      const length = Math.min(this.#pending, left);
      window.repeat(this.#distances.d0, length);
      this.#pending -= length;
      this.#written += length;
      left -= length;
    }
    return most;
  }

  #literal(): void {
    const { context, literalPosition } = this.#properties;
    const window = this.#window;
    const range = this.#range;
    const before = window.isEmpty ? 0 : window.back(0);
    const position = this.#written & ((1 << literalPosition) - 1);
    const base = 0x300 * ((position << context) + (before >> (8 - context)));
    let symbol = 1;
    if (this.#state >= 7) {
      let match = window.back(this.#distances.d0);
      do {
        const bit = (match >> 7) & 1;
        match <<= 1;
        const got = range.bit(this.#literals, base + ((1 + bit) << 8) + symbol);
        symbol = (symbol << 1) | got;
        if (bit !== got) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(this.#literals, base + symbol);
    window.write(symbol & 0xff);
    this.#written += 1;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** The length of a match whose distance is set; 0 for the marker of the end. */
  #match(position: number): number {
    if (this.#range.bit(this.#kinds, 192 + this.#state) === 1) return this.#repeated(position);
    const { d0, d1, d2 } = this.#distances;
    const length = this.#lengths.next(this.#range, position);
    this.#state = this.#state < 7 ? 7 : 10;
    const distance = this.#distance(length - 2);
    if (distance === 0xffffffff) return 0;
    this.#distances = { d0: distance, d1: d0, d2: d1, d3: d2 };
    return length;
  }

  /** A match at one of the four distances before. */
  #repeated(position: number): number {
    const range = this.#range;
    const state = this.#state;
    if (this.#window.isEmpty) throw new NotUnderstood('broken: LZMA repeats before there is anything');
    if (range.bit(this.#kinds, 204 + state) === 0) {
      if (range.bit(this.#kinds, 240 + (state << 4) + position) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else this.#reorder(state);
    this.#state = state < 7 ? 8 : 11;
    return this.#repeatLengths.next(range, position);
  }

  /** Brings the second, third or fourth distance to the front. */
  #reorder(state: number): void {
    const { d0, d1, d2, d3 } = this.#distances;
    if (this.#range.bit(this.#kinds, 216 + state) === 0) this.#distances = { d0: d1, d1: d0, d2, d3 };
    else if (this.#range.bit(this.#kinds, 228 + state) === 0) this.#distances = { d0: d2, d1: d0, d2: d1, d3 };
    else this.#distances = { d0: d3, d1: d0, d2: d1, d3: d2 };
  }

  #distance(length: number): number {
    const range = this.#range;
    const slot = range.tree(this.#slots, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + range.reverseTree(this.#special, base - slot, bits);
    return base + range.direct(bits - 4) * 16 + range.reverseTree(this.#align, 0, 4);
  }
}
