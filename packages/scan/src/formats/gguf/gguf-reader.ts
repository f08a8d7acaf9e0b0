import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';

/** A length or a count that the rest of the file cannot hold. */
export class TooLong extends NotUnderstood {}

/** Types of values: GGUF's numbers for them. */
export const valueType = { u32: 4, bool: 7, text: 8, array: 9 } as const;

/** Bytes of values of a fixed size, by type. */
const sizes: ReadonlyMap<number, number> = new Map([
  ...([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 4],
    [5, 4],
    [6, 4],
    [7, 1],
    [10, 8],
    [11, 8],
    [12, 8],
  ] as const),
]);

const maximum = { keyBytes: 65_535, nesting: 4 } as const;

/** Reads what GGUF is made of. Every length is compared with the bytes that are left before it is believed. */
export class GgufReader {
  readonly #reader: ByteReader;
  readonly #textBytes: number;
  readonly #tick: () => void;

  /** @param tick called now and then in long loops */
  constructor(source: ByteSource, order: 'little' | 'big', textBytes: number, tick: () => void) {
    this.#reader = new ByteReader(source, 0, order);
    this.#textBytes = textBytes;
    this.#tick = tick;
  }

  get at(): number {
    return this.#reader.at;
  }

  skip(bytes: number): void {
    this.#reader.skip(bytes);
  }

  u32(): number {
    return this.#reader.u32();
  }

  /** A count of things of which each takes at least `each` bytes. @throws TooLong */
  count(what: string, each: number): number {
    const { at } = this.#reader;
    const count = this.#reader.u64();
    if (count * BigInt(each) <= BigInt(this.#reader.left)) return Number(count);
    throw new TooLong(`${count} ${what} are announced, ${this.#reader.left} bytes are left`, at);
  }

  /** A dimension or an offset. @throws TooLong beyond 2^53 */
  number(what: string): number {
    const { at } = this.#reader;
    const value = this.#reader.u64();
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw new TooLong(`${what} of ${value}`, at);
  }

  key(): string {
    const { at } = this.#reader;
    const length = this.count('bytes of a key', 1);
    if (length === 0 || length > maximum.keyBytes) throw new NotUnderstood(`a key of ${length} bytes`, at);
    return this.#reader.text(length);
  }

  text(): string {
    const { at } = this.#reader;
    const length = this.count('bytes of a text', 1);
    if (length > this.#textBytes) throw new NotUnderstood(`a text of ${length} bytes`, at);
    return this.#reader.text(length);
  }

  /** Passes over a value: it is a number, a text or an array of them, and all of it lies within the file. */
  pass(type: number, key: string, nesting = 0): void {
    if (type === valueType.text) this.skip(this.count('bytes of a text', 1));
    else if (type === valueType.array) this.#passArray(key, nesting);
    else if (type === valueType.bool) this.#bool(key);
    else this.skip(this.#sizeOf(type, key));
  }

  #passArray(key: string, nesting: number): void {
    if (nesting >= maximum.nesting) throw new NotUnderstood(`${shown(key)} nests arrays too deeply`, this.at);
    const type = this.u32();
    const fixed = type === valueType.text ? 8 : type === valueType.array ? 12 : this.#sizeOf(type, key);
    const count = this.count('values of an array', fixed);
    if (type !== valueType.text && type !== valueType.array && type !== valueType.bool) {
      this.skip(count * fixed);
      return;
    }
    for (let index = 0; index < count; index += 1) {
      if (index % 4096 === 0) this.#tick();
      this.pass(type, key, nesting + 1);
    }
  }

  #bool(key: string): void {
    const { at } = this.#reader;
    if (this.#reader.u8() > 1) throw new NotUnderstood(`${shown(key)} is neither true nor false`, at);
  }

  #sizeOf(type: number, key: string): number {
    const size = sizes.get(type);
    if (size === undefined)
      throw new NotUnderstood(`${shown(key)} is of type ${type}, which nothing is known of`, this.at);
    return size;
  }
}
