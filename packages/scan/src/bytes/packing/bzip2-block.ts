import { NotUnderstood } from '../source.ts';
import type { BitReader } from './bit-reader.ts';
import { PrefixCode } from './prefix-code.ts';

/** CRC-32 with the highest bit first (polynomial 04C11DB7). */
const sums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});

/** Symbols that one table codes before the next is chosen. */
const groupSize = 50;

/** One block: read and sorted back at once, handed out in pieces, since a run may be 64 times as long as its code. */
export class Bzip2Block {
  /** Low 8 bits: a byte of the sorted block. The others: where its successor is. */
  readonly #chain: Uint32Array;
  readonly #size: number;
  #position: number;
  #taken = 0;
  /** Of the run under way: its byte, how many of it came in a row, how many are still to be written. */
  #byte = -1;
  #row = 0;
  #repeat = 0;
  #sum = 0xffffffff;

  /** @param chain as long as the largest block; what is in it does not matter */
  constructor(reader: BitReader, chain: Uint32Array) {
    if (reader.bit() === 1) throw new NotUnderstood('a block of bzip2 0.9.0', reader.offset);
    const origin = reader.bits(24);
    this.#chain = chain;
    this.#size = readSymbols(reader, this.#chain);
    if (origin >= this.#size) throw new NotUnderstood('broken: a block of bzip2 starts nowhere', reader.offset);
    link(this.#chain, this.#size);
    this.#position = (this.#chain[origin] ?? 0) >>> 8;
  }

  /** Of what was handed out. */
  get checksum(): number {
    return ~this.#sum >>> 0;
  }

  /** At most so many bytes; none at the end. */
  next(most: number): Uint8Array {
    const piece = new Uint8Array(most);
    let length = 0;
    while (length < most) {
      if (this.#repeat === 0 && !this.#step()) break;
      const count = Math.min(this.#repeat, most - length);
      piece.fill(this.#byte, length, length + count);
      this.#repeat -= count;
      length += count;
    }
    let sum = this.#sum;
    for (let at = 0; at < length; at++) sum = (sum << 8) ^ (sums[(sum >>> 24) ^ (piece[at] ?? 0)] ?? 0);
    this.#sum = sum;
    return piece.subarray(0, length);
  }

  /** The next byte of the block; after four that are alike it is a count of more of them. */
  #step(): boolean {
    if (this.#taken === this.#size) return false;
    const entry = this.#chain[this.#position] ?? 0;
    this.#position = entry >>> 8;
    this.#taken += 1;
    const byte = entry & 0xff;
    if (this.#row === 4) {
      this.#row = 0;
      this.#repeat = byte;
      if (byte === 0) return this.#step();
      return true;
    }
    this.#row = byte === this.#byte && this.#row > 0 ? this.#row + 1 : 1;
    this.#byte = byte;
    this.#repeat = 1;
    return true;
  }
}

/** Turns the sorted block into a chain: the inverse of Burrows and Wheeler's transform. */
function link(chain: Uint32Array, size: number): void {
  const starts = new Uint32Array(256);
  for (let at = 0; at < size; at++) {
    const byte = chain[at] ?? 0;
    starts[byte] = (starts[byte] ?? 0) + 1;
  }
  let total = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte] ?? 0;
    starts[byte] = total;
    total += count;
  }
  for (let at = 0; at < size; at++) {
    const byte = (chain[at] ?? 0) & 0xff;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    chain[place] = (chain[place] ?? 0) | (at << 8);
  }
}

/** Reads the block into the low bytes of the chain: prefix codes, runs of zeros, moved to the front. */
function readSymbols(reader: BitReader, chain: Uint32Array): number {
  const front = readAlphabet(reader);
  const used = front.length;
  const { selectors, codes } = readCodes(reader, used + 2);
  const write = new FrontWriter(front, chain);
  for (let group = 0; ; group++) {
    const code = codes[selectors[group] ?? -1];
    if (code === undefined) throw new NotUnderstood('broken: a block of bzip2 without an end', reader.offset);
    for (let count = 0; count < groupSize; count++) {
      const symbol = code.next(reader);
      if (symbol === used + 1) return write.finish();
      if (!write.symbol(symbol)) throw new NotUnderstood('broken: a block of bzip2 over its size', reader.offset);
    }
  }
}

/** Symbols 0 and 1 are digits of the length of a run of the front byte; others bring the byte at their place to the front. */
class FrontWriter {
  readonly #front: Uint8Array;
  readonly #chain: Uint32Array;
  #size = 0;
  #run = 0;
  #weight = 1;

  constructor(front: Uint8Array, chain: Uint32Array) {
    this.#front = front;
    this.#chain = chain;
  }

  /** False where the block would be larger than it may. */
  symbol(symbol: number): boolean {
    if (symbol <= 1) {
      this.#run += this.#weight << symbol;
      this.#weight <<= 1;
      return this.#run <= this.#chain.length - this.#size;
    }
    this.#flush();
    if (this.#size >= this.#chain.length) return false;
    const front = this.#front;
    const byte = front[symbol - 1] ?? 0;
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    this.#chain[this.#size++] = byte;
    return true;
  }

  finish(): number {
    this.#flush();
    return this.#size;
  }

  #flush(): void {
    if (this.#run === 0) return;
    this.#chain.fill(this.#front[0] ?? 0, this.#size, this.#size + this.#run);
    this.#size += this.#run;
    this.#run = 0;
    this.#weight = 1;
  }
}

function readAlphabet(reader: BitReader): Uint8Array {
  const rows = reader.bits(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = reader.bits(16);
    for (let column = 0; column < 16; column++) if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  if (used.length === 0) throw new NotUnderstood('broken: a block of bzip2 without bytes', reader.offset);
  return Uint8Array.from(used);
}

function readCodes(reader: BitReader, symbols: number): { selectors: Uint8Array; codes: PrefixCode[] } {
  const tables = reader.bits(3);
  const count = reader.bits(15);
  if (tables < 2 || tables > 6 || count === 0) throw new NotUnderstood('broken: tables of bzip2', reader.offset);
  const order = [...Array(tables).keys()];
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let place = 0;
    while (reader.bit() === 1) place += 1;
    const [table] = order.splice(place, 1);
    if (table === undefined) throw new NotUnderstood('broken: a table of bzip2 that is not there', reader.offset);
    order.unshift(table);
    selectors[at] = table;
  }
  return { selectors, codes: order.map(() => readCode(reader, symbols)) };
}

function readCode(reader: BitReader, symbols: number): PrefixCode {
  const lengths = new Uint8Array(symbols);
  let length = reader.bits(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (reader.bit() === 1) length += reader.bit() === 1 ? -1 : 1;
    if (length < 1 || length > 20) throw new NotUnderstood('broken: a code of bzip2', reader.offset);
    lengths[symbol] = length;
  }
  return new PrefixCode(lengths);
}
