import { isUtf8 } from 'node:buffer';
import type { BodyLimits } from '../inference.ts';
import { malformed, tooLarge } from '../malformed.ts';
import { isQuoted, type ScannedText, scanText, textOf, wordOf } from './json-text.ts';
import { nearestDouble, nearestOf } from './nearest-double.ts';
import { type PlainNumbers, readPlainNumbers } from './plain-numbers.ts';

export interface JsonReaderOptions {
  /** Whether `NaN`, `Infinity` and `-Infinity` are numbers, as TensorFlow Serving has it. */
  readonly takesNonFinite?: boolean;
}

/** Deeper than any limit may be: reading recurses. */
const deepest = 512;
/** Keys from here on are looked up in a set. */
const fewKeys = 16;
const longestKey = 1024;
/** No double needs more digits to be written exactly than 1,076. */
const longestNumber = 1100;

const placeDepth = 8;

/**
 * By depth and place among the keys of an object, the key that stood there last: objects of one list, and requests of one caller, are
 * alike. To compare takes less than to read.
 */
const foreseenKeys: (string | undefined)[] = Array.from({ length: placeDepth * fewKeys }, () => undefined);

/** Shared by all readers: nothing is kept in them between two calls. */
const scanned: ScannedText = { end: 0, hasEscapes: false, isAscii: true, hasNul: false, hash: 0 };
const plain: PlainNumbers = { count: 0, end: 0 };

/**
 * Walks over one JSON text (RFC 8259), as strict as I-JSON (RFC 7493): UTF-8 without a mark at its beginning, every key of an object once,
 * no half surrogate pairs, nothing behind the value. The one who reads says what should come; nothing is built that is not asked for, and
 * every bound holds while reading.
 *
 * @throws GatewayError HF_GATEWAY_MALFORMED, HF_GATEWAY_TOO_LARGE
 */
export class JsonReader {
  readonly bytes: Buffer;
  /** Where it stands. */
  at = 0;
  /** Whether the last number had neither a fraction nor an exponent. */
  isWhole = false;
  /** Where the last number began. */
  numberAt = 0;
  readonly limits: BodyLimits;
  readonly #takesNonFinite: boolean;
  readonly #deepest: number;
  #head = 0;
  #tail = 0;
  #depth = 0;
  /** Of each array or object that is open, how many items or keys it had so far. */
  readonly #counts: number[] = [];
  /** Keys of the objects that are open; what lies behind them is of objects that were. */
  readonly #keys: string[] = [];
  #keyCount = 0;
  #sets: (Set<string> | undefined)[] | undefined;

  constructor(bytes: Uint8Array, limits: BodyLimits, { takesNonFinite = false }: JsonReaderOptions = {}) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
    this.#takesNonFinite = takesNonFinite;
    this.#deepest = Math.min(limits.depth, deepest);
    if (!isUtf8(bytes)) throw malformed('the body is not UTF-8', 'body');
  }

  /** The byte that the next value, key or bracket begins with; 0 at the end. Blanks before it are behind. */
  peek(): number {
    const { bytes } = this;
    for (;;) {
      const code = bytes[this.at] ?? 0;
      if (code > 0x20) return code;
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.at += 1;
    }
  }

  openObject(): void {
    if (this.peek() !== 0x7b) throw this.wrong('an object is expected');
    this.#open();
  }

  /** The next key of the object that was opened last, with the reader before its value; undefined behind the end of the object. */
  nextKey(): string | undefined {
    const depth = this.#depth - 1;
    const count = this.#counts[depth] as number;
    let code = this.peek();
    if (code === 0x7d) {
      this.#closeObject(count);
      return undefined;
    }
    if (count > 0) {
      if (code !== 0x2c) throw this.wrong('`,` or the end of the object is expected');
      this.at += 1;
      code = this.peek();
    }
    if (code !== 0x22) throw this.wrong('a key is expected');
    if (count >= this.limits.count) throw this.#tooManyKeys();
    const key = this.#key(depth, count);
    this.#requireNew(key, count, depth);
    this.#counts[depth] = count + 1;
    if (this.peek() !== 0x3a) throw this.wrong('`:` is expected');
    this.at += 1;
    return key;
  }

  openArray(): void {
    if (this.peek() !== 0x5b) throw this.wrong('an array is expected');
    this.#open();
  }

  /** Whether the array that was opened last has another item; the reader is before it, or behind the end of the array. */
  nextItem(): boolean {
    const depth = this.#depth - 1;
    const count = this.#counts[depth] as number;
    const code = this.peek();
    if (code === 0x5d) {
      this.at += 1;
      this.#depth = depth;
      return false;
    }
    if (count > 0) {
      if (code !== 0x2c) throw this.wrong('`,` or the end of the array is expected');
      this.at += 1;
      if (this.peek() === 0x5d) throw this.wrong('a value is expected');
    }
    if (count >= this.limits.elements) {
      throw tooLarge(`an array has at most ${this.limits.elements} items here`, this.#place());
    }
    this.#counts[depth] = count + 1;
    return true;
  }

  /** A string. */
  text(): string {
    if (this.peek() !== 0x22) throw this.wrong('a string is expected');
    const from = this.at + 1;
    scanText(this.bytes, from, scanned);
    this.at = scanned.end + 1;
    return textOf(this.bytes, from, scanned);
  }

  /** A string that is a word of a protocol: a name, a datatype. */
  word(): string {
    if (this.peek() !== 0x22) throw this.wrong('a string is expected');
    const from = this.at + 1;
    scanText(this.bytes, from, scanned);
    this.at = scanned.end + 1;
    return wordOf(this.bytes, from, scanned);
  }

  boolean(): boolean {
    const code = this.peek();
    if (code === 0x74) {
      this.#literal('true');
      return true;
    }
    if (code !== 0x66) throw this.wrong('`true` or `false` is expected');
    this.#literal('false');
    return false;
  }

  null(): void {
    if (this.peek() !== 0x6e) throw this.wrong('`null` is expected');
    this.#literal('null');
  }

  /** The double nearest to a number; what is beyond them is refused. Whether it was whole, and where it stands, is in the fields. */
  number(): number {
    const { bytes } = this;
    const isNegative = this.peek() === 0x2d;
    this.numberAt = this.at;
    if (isNegative) this.at += 1;
    const first = this.at;
    this.#head = 0;
    this.#tail = 0;
    const whole = this.#digits(0);
    if (whole === 0) return this.#noDigits(first);
    if (whole > 1 && bytes[first] === 0x30) throw this.wrong('a number begins with 0', first);
    this.isWhole = bytes[this.at] !== 0x2e;
    let digits = whole;
    if (!this.isWhole) {
      this.at += 1;
      digits = this.#digits(whole);
      if (digits === whole) throw this.wrong('a digit is expected');
    }
    if (digits > 18 || ((bytes[this.at] ?? 0) | 0x20) === 0x65) return this.#longNumber();
    const value =
      nearestOf(this.#head, this.#tail, Math.max(0, digits - 9), digits - whole) ??
      nearestDouble(bytes, first, this.at);
    return isNegative ? -value : value;
  }

  /**
   * Adds digits to what was read of a number: the first nine to its head, others to its tail. Whole numbers of 32 bits: a chain of
   * multiplications of doubles takes three times as long.
   * @returns how many digits it has now
   */
  #digits(before: number): number {
    const { bytes } = this;
    let at = this.at;
    let head = this.#head;
    let tail = this.#tail;
    let count = before;
    for (;;) {
      const digit = ((bytes[at] ?? 0) - 0x30) | 0;
      if (digit >>> 0 > 9) break;
      if (count < 9) head = (Math.imul(head, 10) + digit) | 0;
      else tail = (Math.imul(tail, 10) + digit) | 0;
      count += 1;
      at += 1;
    }
    this.at = at;
    this.#head = head;
    this.#tail = tail;
    return count;
  }

  /** Behind an item: steps over the comma, and says that another item comes; or false, before the end of the array. */
  comma(): boolean {
    const code = this.peek();
    if (code === 0x5d) return false;
    if (code !== 0x2c) throw this.wrong('`,` or the end of the array is expected');
    this.at += 1;
    if (this.peek() === 0x5d) throw this.wrong('a value is expected');
    return true;
  }

  closeArray(): void {
    this.at += 1;
    this.#depth -= 1;
  }

  /**
   * Before an item of an array: reads plain numbers until `into` is full, the array ends, or a number is not plain. The reader is then
   * before the next item or before the end.
   *
   * @returns how many
   */
  plainNumbers(into: Float64Array, isWholeOnly: boolean): number {
    this.peek();
    readPlainNumbers(this.bytes, this.at, { into, isWholeOnly }, plain);
    this.at = plain.end;
    return plain.count;
  }

  /** Steps over a value, as strictly as if it were read. */
  skip(): void {
    switch (this.peek()) {
      case 0x7b:
        this.#open();
        while (this.nextKey() !== undefined) this.skip();
        break;
      case 0x5b:
        this.#open();
        while (this.nextItem()) this.skip();
        break;
      case 0x22:
        scanText(this.bytes, this.at + 1, scanned);
        this.at = scanned.end + 1;
        break;
      case 0x74:
      case 0x66:
        this.boolean();
        break;
      case 0x6e:
        this.null();
        break;
      default:
        this.number();
    }
  }

  /** Nothing but blanks may follow. */
  end(): void {
    this.peek();
    if (this.at < this.bytes.length) throw this.wrong('nothing may follow the value');
  }

  wrong(message: string, at = this.at): Error {
    return malformed(at >= this.bytes.length ? `${message}, but the body ends` : message, `body, byte ${at}`);
  }

  #open(): void {
    if (this.#depth >= this.#deepest) {
      throw tooLarge(`objects and arrays are at most ${this.#deepest} deep here`, this.#place());
    }
    this.#counts[this.#depth] = 0;
    this.#depth += 1;
    this.at += 1;
  }

  #closeObject(count: number): void {
    this.at += 1;
    this.#depth -= 1;
    this.#keyCount -= count;
    if (this.#sets !== undefined) this.#sets[this.#depth] = undefined;
  }

  #key(depth: number, count: number): string {
    const from = this.at + 1;
    const place = depth < placeDepth && count < fewKeys ? depth * fewKeys + count : -1;
    const foreseen = foreseenKeys[place];
    if (foreseen !== undefined && isQuoted(this.bytes, from, foreseen)) {
      this.at = from + foreseen.length + 1;
      return foreseen;
    }
    scanText(this.bytes, from, scanned);
    const { end, hasNul, hasEscapes, isAscii } = scanned;
    if (end - from > longestKey) throw tooLarge(`a key has at most ${longestKey} bytes here`, this.#place());
    if (hasNul) throw this.wrong('a key holds U+0000');
    this.at = end + 1;
    const key = wordOf(this.bytes, from, scanned);
    if (place >= 0 && !hasEscapes && isAscii) foreseenKeys[place] = key;
    return key;
  }

  #requireNew(key: string, count: number, depth: number): void {
    const keys = this.#keys;
    const end = this.#keyCount;
    if (count < fewKeys) {
      for (let at = end - count; at < end; at += 1) if (keys[at] === key) throw this.#repeated();
    } else {
      this.#sets ??= [];
      const set = (this.#sets[depth] ??= new Set(keys.slice(end - count, end)));
      if (set.has(key)) throw this.#repeated();
      set.add(key);
    }
    keys[end] = key;
    this.#keyCount = end + 1;
  }

  #literal(word: string): void {
    for (let index = 1; index < word.length; index += 1) {
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) throw this.wrong('a value is expected');
    }
    this.at += word.length;
  }

  #noDigits(at: number): number {
    const isNegative = at > this.numberAt;
    const code = this.bytes[at];
    if (!this.#takesNonFinite || (code !== 0x49 && (code !== 0x4e || isNegative))) {
      throw this.wrong(isNegative ? 'a digit is expected' : 'a number is expected');
    }
    this.isWhole = false;
    this.#literal(code === 0x49 ? 'Infinity' : 'NaN');
    if (code === 0x4e) return Number.NaN;
    return isNegative ? -Infinity : Infinity;
  }

  /** A number with an exponent, or with more than 18 digits; the reader is behind the digits. */
  #longNumber(): number {
    const { bytes } = this;
    let { at } = this;
    if (((bytes[at] ?? 0) | 0x20) === 0x65) {
      this.isWhole = false;
      const sign = bytes[(at += 1)];
      if (sign === 0x2b || sign === 0x2d) at += 1;
      const from = at;
      while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
      if (at === from) throw this.wrong('a digit is expected', at);
    }
    if (at - this.numberAt > longestNumber) {
      throw tooLarge(`a number has at most ${longestNumber} characters here`, this.#place());
    }
    this.at = at;
    const value = nearestDouble(bytes, this.numberAt, at);
    if (!Number.isFinite(value)) throw this.wrong('a number is beyond what a double holds', this.numberAt);
    return value;
  }

  #place(): string {
    return `body, byte ${this.at}`;
  }

  #tooManyKeys(): Error {
    return tooLarge(`an object has at most ${this.limits.count} keys here`, this.#place());
  }

  #repeated(): Error {
    return malformed('a key comes twice in one object', this.#place());
  }
}
