import type { Datatype, Elements } from '../inference.ts';
import { malformed } from '../malformed.ts';
import type { JsonReader } from './json-reader.ts';
import { doubles, floats } from './pooled-numbers.ts';
import type { RowElements } from './row-elements.ts';

/** Bounds of the whole numbers of at most 32 bits, BOOL apart. */
const wholeBounds = {
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 4_294_967_295],
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-2_147_483_648, 2_147_483_647],
} as const;

/**
 * What takes `size` elements of a datatype from JSON. Whole numbers are written without fraction and exponent and lie in the range of
 * their datatype; numbers are finite, also after rounding to the datatype.
 *
 * @throws GatewayError HF_GATEWAY_MALFORMED for FP16, which JSON does not carry
 */
export function typedElements(datatype: Datatype, size: number): RowElements {
  switch (datatype) {
    case 'FP32':
      return new FloatElements(floats(size));
    case 'FP64':
      return new FloatElements(doubles(size));
    case 'INT64':
      return new LongElements(new BigInt64Array(size), -(2n ** 63n), 2n ** 63n - 1n);
    case 'UINT64':
      return new LongElements(new BigUint64Array(size), 0n, 2n ** 64n - 1n);
    case 'BOOL':
      return new BooleanElements(size);
    case 'BYTES':
      return new TextElements(size);
    case 'FP16':
      throw malformed('`FP16` comes as binary data only', 'datatype');
    case 'UINT8':
    case 'UINT16':
    case 'UINT32':
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return new WholeElements(wholeArray(datatype, size), wholeBounds[datatype]);
  }
}

function wholeArray(datatype: keyof typeof wholeBounds, size: number): Uint8Array | Int32Array | Float64Array {
  if (datatype === 'UINT8') return new Uint8Array(size);
  return datatype === 'UINT32' ? new Float64Array(size) : new Int32Array(size);
}

const tooMany = (reader: JsonReader): Error => reader.wrong('there are more elements than `shape` says');
const noWhole = (reader: JsonReader): Error =>
  reader.wrong('a whole number in the range of the datatype is expected', reader.numberAt);

class FloatElements implements RowElements {
  readonly takes = 'numbers';
  readonly #into: Float32Array | Float64Array;
  #size = 0;

  constructor(into: Float32Array | Float64Array) {
    this.#into = into;
  }

  many(numbers: Float64Array, count: number, reader: JsonReader): void {
    if (count > this.#into.length - this.#size) throw tooMany(reader);
    if (count > 64) this.#into.set(numbers.subarray(0, count), this.#size);
    else for (let index = 0; index < count; index += 1) this.#into[this.#size + index] = numbers[index] as number;
    this.#size += count;
  }

  one(reader: JsonReader): void {
    if (this.#size >= this.#into.length) throw tooMany(reader);
    this.#into[this.#size] = reader.number();
    if (!Number.isFinite(this.#into[this.#size])) {
      throw reader.wrong('a number is beyond what the datatype holds', reader.numberAt);
    }
    this.#size += 1;
  }

  finish(): Elements {
    return this.#into;
  }
}

class WholeElements implements RowElements {
  readonly takes = 'whole numbers';
  readonly #into: Uint8Array | Int32Array | Float64Array;
  readonly #least: number;
  readonly #most: number;
  #size = 0;

  constructor(into: Uint8Array | Int32Array | Float64Array, [least, most]: readonly [number, number]) {
    this.#into = into;
    this.#least = least;
    this.#most = most;
  }

  many(numbers: Float64Array, count: number, reader: JsonReader): void {
    for (let index = 0; index < count; index += 1) this.#take(numbers[index] as number, reader);
  }

  one(reader: JsonReader): void {
    const value = reader.number();
    if (!reader.isWhole) throw noWhole(reader);
    this.#take(value, reader);
  }

  #take(value: number, reader: JsonReader): void {
    if (value < this.#least || value > this.#most) throw noWhole(reader);
    if (this.#size >= this.#into.length) throw tooMany(reader);
    this.#into[this.#size] = value + 0;
    this.#size += 1;
  }

  finish(): Elements {
    return this.#into;
  }
}

const half = 2 ** 32;
const few = 32;

/** 64-bit integers, exact. Short ones are written in two halves, the low one first: a `bigint` each would be garbage. */
class LongElements implements RowElements {
  readonly takes = 'whole numbers';
  readonly #into: BigInt64Array | BigUint64Array;
  /** Only where there are many: to ask a small array for its buffer costs more than a few `bigint`. */
  readonly #halves: Uint32Array | undefined;
  readonly #least: bigint;
  readonly #most: bigint;
  #size = 0;

  constructor(into: BigInt64Array | BigUint64Array, least: bigint, most: bigint) {
    this.#into = into;
    this.#halves = into.length > few ? new Uint32Array(into.buffer) : undefined;
    this.#least = least;
    this.#most = most;
  }

  many(numbers: Float64Array, count: number, reader: JsonReader): void {
    for (let index = 0; index < count; index += 1) this.#take(numbers[index] as number, reader);
  }

  one(reader: JsonReader): void {
    const value = reader.number();
    if (!reader.isWhole) throw noWhole(reader);
    if (Number.isSafeInteger(value)) {
      this.#take(value, reader);
      return;
    }
    const exact = BigInt(reader.bytes.toString('latin1', reader.numberAt, reader.at));
    if (exact < this.#least || exact > this.#most) throw noWhole(reader);
    if (this.#size >= this.#into.length) throw tooMany(reader);
    this.#into[this.#size] = exact;
    this.#size += 1;
  }

  #take(value: number, reader: JsonReader): void {
    if (value < 0 && this.#least === 0n) throw noWhole(reader);
    if (this.#size >= this.#into.length) throw tooMany(reader);
    if (this.#halves === undefined) this.#into[this.#size] = BigInt(value);
    else {
      const high = Math.floor(value / half);
      this.#halves[2 * this.#size] = value - high * half;
      this.#halves[2 * this.#size + 1] = high;
    }
    this.#size += 1;
  }

  finish(): Elements {
    return this.#into;
  }
}

class BooleanElements implements RowElements {
  readonly takes = 'others';
  readonly #into: Uint8Array;
  #size = 0;

  constructor(size: number) {
    this.#into = new Uint8Array(size);
  }

  many(): void {
    // `others` come one by one.
  }

  one(reader: JsonReader): void {
    if (this.#size >= this.#into.length) throw tooMany(reader);
    this.#into[this.#size] = reader.boolean() ? 1 : 0;
    this.#size += 1;
  }

  finish(): Elements {
    return this.#into;
  }
}

class TextElements implements RowElements {
  readonly takes = 'others';
  readonly #into: string[] = [];
  readonly #most: number;

  constructor(size: number) {
    this.#most = size;
  }

  many(): void {
    // `others` come one by one.
  }

  one(reader: JsonReader): void {
    if (this.#into.length >= this.#most) throw tooMany(reader);
    this.#into.push(reader.text());
  }

  finish(): Elements {
    return this.#into;
  }
}
