import { isUtf8 } from 'node:buffer';
import type { Datatype, Elements } from '../inference.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { doubles } from '../json/pooled-numbers.ts';
import type { RowElements } from '../json/row-elements.ts';
import { tooLarge } from '../malformed.ts';

/** What may stand where an element is expected, beside numbers, texts and booleans. */
export interface InferredOptions {
  /** `null` is a number that is missing: NaN. */
  readonly takesNull?: boolean;
  /** `{"b64": "…"}` is a text of bytes, as TensorFlow Serving has it. */
  readonly takesBase64?: boolean;
  /** Whether it is kept where values stand: for answers, which may be written. */
  readonly keepsPlaces?: boolean;
}

/** Elements that all tensors of one body may still have. */
export interface ElementBudget {
  left: number;
}

type Kind = 'number' | 'long' | 'boolean' | 'text';

/** Base64 of RFC 4648 section 4, padded; character by character, since a text may be as long as a body. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  for (let at = 0; at < text.length - padding; at += 1) {
    const code = text.charCodeAt(at);
    const lower = code | 0x20;
    const isLetter = lower >= 0x61 && lower <= 0x7a;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x2b && code !== 0x2f) return false;
  }
  return true;
}

/** Takes elements whose datatype nobody says: the first one decides, and the others are like it. Whole numbers stay exact. */
export class InferredElements implements RowElements {
  /** Whether an element was written as `{"b64": …}`. */
  isBase64 = false;
  readonly #budget: ElementBudget;
  readonly #options: InferredOptions;
  #kind: Kind | undefined;
  #numbers = doubles(8);
  #longs: bigint[] = [];
  #texts: string[] = [];
  #size = 0;

  constructor(budget: ElementBudget, options: InferredOptions) {
    this.#budget = budget;
    this.#options = options;
  }

  get takes(): RowElements['takes'] {
    if (this.#kind === undefined || this.#kind === 'number') return 'numbers';
    return 'others';
  }

  get datatype(): Datatype {
    if (this.#kind === 'text') return 'BYTES';
    if (this.#kind === 'boolean') return 'BOOL';
    return this.#kind === 'long' ? 'INT64' : 'FP64';
  }

  many(numbers: Float64Array, count: number, reader: JsonReader): void {
    this.#take('number', count, reader);
    this.#reserve(count);
    for (let index = 0; index < count; index += 1) this.#numbers[this.#size + index] = numbers[index] as number;
    this.#size += count;
  }

  one(reader: JsonReader): void {
    const code = reader.peek();
    if (code === 0x22) this.#text(reader, reader.text());
    else if (code === 0x7b && this.#options.takesBase64 === true) this.#text(reader, this.#bytes(reader));
    else if (code === 0x74 || code === 0x66) this.#number('boolean', reader.boolean() ? 1 : 0, reader);
    else if (code === 0x6e && this.#options.takesNull === true) {
      reader.null();
      this.#number('number', Number.NaN, reader);
    } else this.#numeric(reader);
  }

  finish(): Elements {
    if (this.#kind === 'text') return this.#texts;
    if (this.#kind === 'long') return BigInt64Array.from(this.#longs);
    const numbers = this.#size === this.#numbers.length ? this.#numbers : this.#numbers.subarray(0, this.#size);
    return this.#kind === 'boolean' ? new Uint8Array(numbers) : numbers;
  }

  #numeric(reader: JsonReader): void {
    const value = reader.number();
    if (this.#kind !== 'long' && (!reader.isWhole || Number.isSafeInteger(value))) {
      this.#number('number', value, reader);
      return;
    }
    this.#becomeLong(reader);
    if (!reader.isWhole) throw roundedBeside(reader);
    const exact = BigInt(reader.bytes.toString('latin1', reader.numberAt, reader.at));
    if (BigInt.asIntN(64, exact) !== exact) {
      throw reader.wrong('a whole number of 64 bits with sign is expected', reader.numberAt);
    }
    this.#take('long', 1, reader);
    this.#longs.push(exact);
    this.#size += 1;
  }

  /** A whole number that a double does not hold: what was read so far has to be whole, too. */
  #becomeLong(reader: JsonReader): void {
    if (this.#kind !== 'number') return;
    const numbers = this.#numbers.subarray(0, this.#size);
    if (!numbers.every((number) => Number.isSafeInteger(number))) throw roundedBeside(reader);
    this.#longs = Array.from(numbers, BigInt);
    this.#kind = 'long';
  }

  #number(kind: 'number' | 'boolean', value: number, reader: JsonReader): void {
    this.#take(kind, 1, reader);
    this.#reserve(1);
    this.#numbers[this.#size] = value;
    this.#size += 1;
  }

  #text(reader: JsonReader, text: string): void {
    this.#take('text', 1, reader);
    this.#texts.push(text);
    this.#size += 1;
  }

  #bytes(reader: JsonReader): string {
    this.isBase64 = true;
    reader.openObject();
    if (reader.nextKey() !== 'b64') throw reader.wrong('an element is a number, a text, a boolean or `b64`');
    const text = reader.text();
    if (!isBase64(text)) throw reader.wrong('`b64` is a text in Base64');
    if (reader.nextKey() !== undefined) throw reader.wrong('`b64` stands alone');
    const bytes = Buffer.from(text, 'base64');
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  }

  #take(kind: Kind, count: number, reader: JsonReader): void {
    this.#kind ??= kind;
    if (this.#kind !== kind) throw reader.wrong('numbers, texts and booleans do not stand in one tensor');
    this.#budget.left -= count;
    if (this.#budget.left < 0) {
      const { elements } = reader.limits;
      throw tooLarge(`all tensors together have at most ${elements} elements here`, `body, byte ${reader.at}`);
    }
  }

  #reserve(count: number): void {
    if (this.#size + count <= this.#numbers.length) return;
    const grown = doubles(Math.max(4 * this.#numbers.length, this.#size + count));
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

const roundedBeside = (reader: JsonReader): Error =>
  reader.wrong('whole numbers beyond 2^53 do not stand beside fractions: they would be rounded', reader.numberAt);
