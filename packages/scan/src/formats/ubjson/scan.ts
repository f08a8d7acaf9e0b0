import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';

/** Bytes of numbers by their marks. */
const sizes: ReadonlyMap<string, number> = new Map(Object.entries({ i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 }));
const maximum = { depth: 100, keyBytes: 65_536 } as const;

/** Objects and arrays that are open, with how many values are to come; of objects, none is said. */
type Open = 'object' | 'array' | { left: number };

/** Reads a model that XGBoost wrote: maps, arrays, texts and numbers, to the last byte. */
export function scanUbjson(part: Inspection): void {
  const reader = new UbjsonReader(part);
  reader.run();
  part.summary = reader.keys.has('learner') ? 'XGBoost model' : 'UBJSON';
  part.scan.progress(part.source.size);
}

class UbjsonReader {
  /** Of the outermost object. */
  readonly keys = new Set<string>();
  readonly #part: Inspection;
  readonly #reader: ByteReader;
  readonly #open: Open[] = [];

  constructor(part: Inspection) {
    this.#part = part;
    this.#reader = new ByteReader(part.source);
  }

  run(): void {
    let values = 0;
    do {
      if (values % 4096 === 0) this.#part.requireTime();
      values += 1;
      this.#next();
      this.#closeCounted();
    } while (this.#open.length > 0);
    if (this.#reader.left > 0) throw new NotUnderstood('something follows the model', this.#reader.at);
  }

  /** The next value of what is open, or its end. */
  #next(): void {
    const inside = this.#open.at(-1);
    if (inside === 'object') {
      const mark = this.#mark();
      if (mark === '}') {
        this.#open.pop();
        return;
      }
      this.#key(mark);
    }
    const mark = this.#mark();
    if (inside === 'array' && mark === ']') this.#open.pop();
    else this.#value(mark);
  }

  #key(mark: string): void {
    const { at } = this.#reader;
    const length = this.#length(mark);
    if (length > maximum.keyBytes) throw new NotUnderstood(`a key of ${length} bytes`, at);
    const key = this.#reader.text(length);
    if (this.#open.length !== 1) return;
    if (this.keys.has(key)) throw new NotUnderstood('a key that is there twice', at);
    this.keys.add(key);
  }

  #value(mark: string): void {
    const inside = this.#open.at(-1);
    if (typeof inside === 'object') inside.left -= 1;
    const size = sizes.get(mark);
    if (size !== undefined) this.#reader.skip(size);
    else if (mark === 'S') this.#reader.skip(this.#length(this.#mark()));
    else if (mark === '{') this.#push('object');
    else if (mark === '[') this.#array();
    else if (mark !== 'T' && mark !== 'F' && mark !== 'Z') {
      throw new NotUnderstood('a mark that XGBoost does not write', this.#reader.at - 1);
    }
  }

  /** `[$d#L…` numbers of one type, `[#L…` so many values, `[ … ]`. */
  #array(): void {
    const { at } = this.#reader;
    const mark = this.#mark();
    if (mark === '$') {
      const size = sizes.get(this.#mark());
      if (size === undefined || this.#mark() !== '#') throw new NotUnderstood('an array of another form', at);
      this.#reader.skip(this.#length(this.#mark()) * size);
    } else if (mark === '#') this.#push({ left: this.#length(this.#mark()) });
    else {
      this.#reader.at = at;
      this.#push('array');
    }
  }

  /** Arrays that said how many values they have end with the last of them. */
  #closeCounted(): void {
    for (let inside = this.#open.at(-1); typeof inside === 'object' && inside.left === 0; inside = this.#open.at(-1)) {
      this.#open.pop();
    }
  }

  #push(open: Open): void {
    if (this.#open.length >= maximum.depth)
      throw new NotUnderstood(`more than ${maximum.depth} levels`, this.#reader.at);
    this.#open.push(open);
  }

  #mark(): string {
    return String.fromCharCode(this.#reader.u8());
  }

  /** A length, big-endian, that lies within the file. */
  #length(mark: string): number {
    const { at } = this.#reader;
    const size = sizes.get(mark);
    if (size === undefined || mark === 'd' || mark === 'D') throw new NotUnderstood('a length that is none', at);
    let length = 0;
    for (const byte of this.#reader.bytes(size)) length = length * 256 + byte;
    if (length <= this.#reader.left) return length;
    throw new NotUnderstood(`a length of ${length} with ${this.#reader.left} bytes left`, at);
  }
}
