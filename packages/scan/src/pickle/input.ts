import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import { BeyondLimit } from './beyond-limit.ts';

/** The window at first, and at most: of the many small pickles that one file may have, none is to cost a large one. */
const firstBytes = 2 ** 12;
const windowBytes = 2 ** 20;

/** A window that moves over the bytes of a pickle, so that an opcode costs no call and memory stays flat. */
export class Input {
  readonly source: ByteSource;
  readonly size: number;
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the window in the source. */
  base: number;
  /** The next byte, within the window. */
  next = 0;
  /** How many bytes the window has. */
  end = 0;
  /** The longest line, in bytes. */
  readonly #longest: number;
  #window = firstBytes;
  #view: DataView = new DataView(new ArrayBuffer(0));
  readonly #moved: (at: number) => void;

  /** @param moved is told where the window is, each time that it moves */
  constructor(source: ByteSource, start: number, longest: number, moved: (at: number) => void) {
    this.source = source;
    this.size = source.size;
    this.base = start;
    this.#longest = longest;
    this.#moved = moved;
  }

  /** Where the next byte is in the source. */
  get at(): number {
    return this.base + this.next;
  }

  /** @throws NotUnderstood unless `length` bytes are there, which then are within the window */
  need(length: number): void {
    if (this.next + length > this.end) this.#fill(length);
  }

  /** Whether there is another byte. */
  more(): boolean {
    if (this.next < this.end) return true;
    if (this.at >= this.size) return false;
    this.#fill(1);
    return true;
  }

  u8(): number {
    this.need(1);
    return this.bytes[this.next++] ?? 0;
  }

  u16(): number {
    this.need(2);
    const value = (this.bytes[this.next] ?? 0) | ((this.bytes[this.next + 1] ?? 0) << 8);
    this.next += 2;
    return value;
  }

  /** Signed; `>>> 0` makes it unsigned. */
  i32(): number {
    this.need(4);
    const { bytes, next } = this;
    this.next += 4;
    const high = ((bytes[next + 2] ?? 0) << 16) | ((bytes[next + 3] ?? 0) << 24);
    return (bytes[next] ?? 0) | ((bytes[next + 1] ?? 0) << 8) | high;
  }

  /** A length of eight bytes. @throws NotUnderstood for one that no file has */
  length64(): number {
    const low = this.i32() >>> 0;
    const high = this.i32() >>> 0;
    if (high >= 2 ** 20) throw new NotUnderstood('a length beyond any file', this.at - 8);
    return high * 2 ** 32 + low;
  }

  f64(): number {
    this.need(8);
    const value = this.#view.getFloat64(this.next, false);
    this.next += 8;
    return value;
  }

  /** Passes over bytes. @throws NotUnderstood unless they are there */
  skip(length: number): void {
    if (this.next + length <= this.end) {
      this.next += length;
      return;
    }
    const to = this.at + length;
    if (to > this.size)
      throw new NotUnderstood(`cut short: ${length} bytes are expected, ${this.size - this.at} are left`, this.at);
    this.base = to;
    this.next = 0;
    this.end = 0;
  }

  /**
   * The bytes of a line, a character each, without the newline. At the end of the source, what is left without its
   * last character: what `pickle.py` then takes for the line.
   *
   * @param most bytes that such a line has
   */
  line(most = this.#longest): { readonly text: string; readonly whole: boolean } {
    for (let wanted = 64; ; wanted *= 2) {
      const newline = this.bytes.indexOf(0x0a, this.next);
      if (newline >= 0 && newline < this.end) {
        this.#requireShort(newline - this.next, most);
        const text = latin1(this.bytes.subarray(this.next, newline));
        this.next = newline + 1;
        return { text, whole: true };
      }
      const left = this.size - this.at;
      if (this.end - this.next >= left) {
        this.#requireShort(left, most);
        const text = latin1(this.bytes.subarray(this.next, Math.max(this.next, this.end - 1)));
        this.next = this.end;
        return { text, whole: false };
      }
      const have = this.end - this.next;
      this.#requireShort(have, most);
      this.#fill(Math.min(left, Math.max(wanted, have * 2)));
    }
  }

  #requireShort(length: number, most: number): void {
    if (length > Math.min(most, this.#longest)) throw new BeyondLimit(`a line of more than ${most} bytes`, this.at);
  }

  /** A line of a few digits, without leading zeros; -1 for any other, and then it stays where it is. */
  decimal(): number {
    const { bytes, next } = this;
    const last = Math.min(this.end, next + 10);
    let value = 0;
    for (let at = next; at < last; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x0a && at > next) {
        this.next = at + 1;
        return value;
      }
      if (byte < 0x30 || byte > 0x39 || (value === 0 && at > next)) return -1;
      value = value * 10 + byte - 0x30;
    }
    return -1;
  }

  /** The lines `00` and `01`, which are False and True for INT; -1 for any other, and then it stays where it is. */
  flag(): number {
    const { bytes, next } = this;
    const digit = bytes[next + 1] ?? 0;
    if (next + 2 >= this.end || bytes[next] !== 0x30 || (digit | 1) !== 0x31 || bytes[next + 2] !== 0x0a) return -1;
    this.next = next + 3;
    return digit & 1;
  }

  /** What an opcode of a fixed length pushes, which lies in the window as a whole. */
  valueAt(at: number, opcode: number): number {
    const { bytes } = this;
    if (opcode === 0x4b) return bytes[at + 1] ?? 0;
    if (opcode === 0x4d) return (bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8);
    if (opcode === 0x4a) return this.#view.getInt32(at + 1, true);
    if (opcode === 0x47) return this.#view.getFloat64(at + 1, false);
    return opcode === 0x88 ? 1 : 0;
  }

  /** Passes over a line without a backslash; the answer is its length, or -1 for any other, or one that is long. */
  plainLine(): number {
    const { bytes, next } = this;
    const last = Math.min(this.end, next + 256);
    for (let at = next; at < last; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x5c) return -1;
      if (byte !== 0x0a) continue;
      this.next = at + 1;
      return at - next;
    }
    return -1;
  }

  /** Bytes at any place: out of the window where they are in it. */
  read(offset: number, length: number): Uint8Array {
    const from = offset - this.base;
    if (from >= 0 && from + length <= this.end) return this.bytes.subarray(from, from + length);
    return this.source.read(offset, length);
  }

  #fill(length: number): void {
    const { at } = this;
    const left = this.size - at;
    if (length > left) {
      this.next = this.end;
      throw new NotUnderstood(`cut short: ${length} bytes are expected, ${left} are left`, at);
    }
    this.bytes = this.source.read(at, Math.min(left, Math.max(length, this.#window)));
    this.#window = Math.min(this.#window * 2, windowBytes);
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.base = at;
    this.next = 0;
    this.end = this.bytes.byteLength;
    this.#moved(at);
  }
}

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
