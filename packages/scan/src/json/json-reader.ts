import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import { ByteWindow } from './byte-window.ts';

/** Told of what a JSON text holds, in its order. Offsets are those of the source. */
export interface JsonEvents {
  open(kind: 'object' | 'array', at: number): void;
  close(): void;
  key(text: string, at: number): void;
  value(value: JsonScalar, at: number): void;
  /** A key for the second time in one object: readers disagree about which one counts. */
  duplicate(key: string, at: number): void;
  /** `NaN`, `Infinity` or `-Infinity`: Python writes them, RFC 8259 knows no such numbers. */
  notFinite?(at: number): void;
}

export type JsonScalar = string | number | boolean | null;

export interface JsonBounds {
  /** Objects and arrays within each other. */
  readonly depth?: number;
  /** Bytes of one text or one number. */
  readonly textBytes?: number;
  /** Texts, numbers, objects, arrays and keys in all. */
  readonly values?: number;
  /** Keys of all objects that are open at once: they are in memory. */
  readonly keys?: number;
}

/** The text ends in the midst of a value. */
export class CutShort extends NotUnderstood {}

interface Open {
  readonly kind: 'object' | 'array';
  readonly keys: Set<string>;
  empty: boolean;
}

const code = { quote: 0x22, backslash: 0x5c, comma: 0x2c, colon: 0x3a, minus: 0x2d, plus: 0x2b, dot: 0x2e } as const;
const words: ReadonlyMap<string, JsonScalar> = new Map<string, JsonScalar>([
  ...([
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const),
  ...([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
  ] as const),
]);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Reads JSON as RFC 8259 has it, strictly, in pieces: what it holds in memory is one text, and the keys of the objects
 * that are open.
 *
 * @returns the offset behind the value and the blanks after it: the source's end, unless other bytes follow
 * @throws NotUnderstood for what is not JSON or beyond a bound
 */
export function readJson(source: ByteSource, events: JsonEvents, bounds: JsonBounds = {}): number {
  return new JsonReader(source, events, bounds).read();
}

class JsonReader {
  readonly #window: ByteWindow;
  readonly #events: JsonEvents;
  readonly #open: Open[] = [];
  readonly #depth: number;
  readonly #textBytes: number;
  readonly #keys: number;
  #openKeys = 0;
  #values: number;

  constructor(source: ByteSource, events: JsonEvents, bounds: JsonBounds) {
    this.#window = new ByteWindow(source);
    this.#events = events;
    this.#depth = bounds.depth ?? 200;
    this.#textBytes = bounds.textBytes ?? 2 ** 24;
    this.#keys = bounds.keys ?? 1_000_000;
    this.#values = bounds.values ?? 2 ** 26;
  }

  read(): number {
    do {
      const opened = this.#value();
      if (!opened) this.#ends();
    } while (this.#open.length > 0);
    this.#blank();
    return this.#window.at;
  }

  /** Reads up to where a value stands, and the value; an object or array is only opened. */
  #value(): boolean {
    const inside = this.#open.at(-1);
    if (inside?.kind === 'object' && !this.#keyOrEnd(inside)) return false;
    const byte = this.#blank();
    if (inside?.kind === 'array' && inside.empty && byte === 0x5d) {
      this.#close();
      return false;
    }
    if (inside !== undefined) inside.empty = false;
    this.#count();
    const { at } = this.#window;
    if (byte === 0x7b || byte === 0x5b) return this.#opened(byte === 0x7b ? 'object' : 'array', at);
    if (byte === code.quote) this.#events.value(this.#text(), at);
    else this.#word(at);
    return false;
  }

  /** Reads a key with its colon; false when the object ended instead. */
  #keyOrEnd(object: Open): boolean {
    const byte = this.#blank();
    const { at } = this.#window;
    if (byte === 0x7d && object.empty) {
      this.#close();
      return false;
    }
    if (byte !== code.quote) throw this.#wrong('a key is expected');
    this.#count();
    const key = this.#text();
    if (object.keys.has(key)) this.#events.duplicate(key, at);
    object.keys.add(key);
    this.#openKeys += 1;
    if (this.#openKeys > this.#keys) throw new NotUnderstood(`JSON of more than ${this.#keys} keys at once`, at);
    this.#events.key(key, at);
    if (this.#blank() !== code.colon) throw this.#wrong('a colon is expected');
    this.#window.next();
    return true;
  }

  /** Behind a value: a comma, or the ends of what it stands in. */
  #ends(): void {
    for (let inside = this.#open.at(-1); inside !== undefined; inside = this.#open.at(-1)) {
      const byte = this.#blank();
      if (byte === code.comma) {
        this.#window.next();
        return;
      }
      if (byte !== (inside.kind === 'object' ? 0x7d : 0x5d)) throw this.#wrong('a comma or an end is expected');
      this.#close();
    }
  }

  #opened(kind: Open['kind'], at: number): true {
    if (this.#open.length >= this.#depth) throw new NotUnderstood(`JSON of more than ${this.#depth} levels`, at);
    this.#window.next();
    this.#open.push({ kind, keys: new Set(), empty: true });
    this.#events.open(kind, at);
    return true;
  }

  #close(): void {
    this.#window.next();
    this.#openKeys -= this.#open.pop()?.keys.size ?? 0;
    this.#events.close();
  }

  #count(): void {
    this.#values -= 1;
    if (this.#values < 0) throw new NotUnderstood('JSON of more values than any file here needs', this.#window.at);
  }

  /** Skips blanks. @returns the byte behind them, −1 at the end */
  #blank(): number {
    for (;;) {
      const byte = this.#window.peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#window.next();
    }
  }

  #text(): string {
    const start = this.#window.at;
    this.#window.next();
    let escaped = false;
    for (;;) {
      const byte = this.#window.next();
      if (byte === code.quote) break;
      if (byte === -1) throw new CutShort('a text without an end', start);
      if (byte < 0x20) throw new NotUnderstood('a control character in a text', this.#window.at - 1);
      if (byte === code.backslash) {
        escaped = true;
        this.#window.next();
      }
      if (this.#window.at - start > this.#textBytes) {
        throw new NotUnderstood(`a text of more than ${this.#textBytes} bytes`, start);
      }
    }
    const bytes = this.#window.source.read(start, this.#window.at - start);
    return escaped ? unescaped(decoded(bytes, start), start) : decoded(bytes.subarray(1, -1), start);
  }

  #word(at: number): void {
    let word = '';
    for (let byte = this.#window.peek(); isWord(byte); byte = this.#window.peek()) {
      word += String.fromCharCode(byte);
      this.#window.next();
      if (word.length > 1100) throw new NotUnderstood('a number of more than 1100 characters', at);
    }
    if (this.#window.peek() === -1 && (word === '' || this.#open.length > 0)) throw new CutShort('cut short', at);
    const known = words.get(word);
    if (known === undefined && !number.test(word)) throw new NotUnderstood('no JSON value', at);
    const value = known === undefined ? Number(word) : known;
    // A number beyond 1e308 is finite in JSON, and infinite in every reader: it is told of, too.
    if (typeof value === 'number' && !Number.isFinite(value)) this.#events.notFinite?.(at);
    this.#events.value(value, at);
  }

  #wrong(problem: string): NotUnderstood {
    const { at } = this.#window;
    return this.#window.peek() === -1 ? new CutShort('cut short', at) : new NotUnderstood(`not JSON: ${problem}`, at);
  }
}

function decoded(bytes: Uint8Array, at: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new NotUnderstood('a text that is not UTF-8', at);
  }
}

/** @param quoted with its quotes; JSON.parse knows the escapes as the RFC has them */
function unescaped(quoted: string, at: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new NotUnderstood('an escape that JSON does not know', at);
  }
}

function isWord(byte: number): boolean {
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  return (byte >= 0x30 && byte <= 0x39) || byte === code.minus || byte === code.plus || byte === code.dot;
}
