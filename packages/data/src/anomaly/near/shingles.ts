/** What of a text is compared: runs of so many words, or of so many characters. */
export interface ShingleOptions {
  readonly of: 'words' | 'characters';
  /** From 1. */
  readonly size: number;
}

/** Writes the 32-bit hashes of a text's shingles to a list that grows. */
export class Shingler {
  /** The hashes of the newest text, ascending, each once; only the first `count` are meant. */
  hashes = new Uint32Array(1024);
  count = 0;
  readonly #of: ShingleOptions['of'];
  /** The newest units, of which a shingle is made, and where the next one goes. */
  readonly #window: Uint32Array;
  #at = 0;
  #seen = 0;
  #rolled = 0;
  /** What the oldest unit has been multiplied with when it leaves. */
  readonly #oldest: number;

  constructor({ of, size }: ShingleOptions) {
    this.#of = of;
    this.#window = new Uint32Array(size);
    this.#oldest = Array.from({ length: size }).reduce<number>((power) => Math.imul(power, base), 1);
  }

  /**
   * Shingles (A. Z. Broder, "On the resemblance and containment of documents", 1997) of a text in lower case (each letter on
   * its own) whose words are runs of letters, marks and digits; where characters are asked for, what stands between words
   * counts as one blank. A text of fewer units than a shingle is one shingle.
   */
  read(text: string): void {
    this.#begin();
    if (this.#of === 'words') this.#words(text);
    else this.#characters(text);
    if (this.#seen > 0 && this.#seen < this.#window.length) this.#put(mixed(this.#rolled));
    this.count = ascendingOnce(this.hashes, this.count);
  }

  /** Of things that are named already: each is a shingle of its own. */
  readParts(parts: readonly number[]): void {
    this.#begin();
    for (const part of parts) this.#put(part);
    this.count = ascendingOnce(this.hashes, this.count);
  }

  /** Of cells, as they stand: neither put into order nor each once. */
  readCells(cells: readonly number[]): void {
    this.#begin();
    for (const cell of cells) this.#put(cell);
  }

  #begin(): void {
    this.count = 0;
    this.#seen = 0;
    this.#at = 0;
    this.#rolled = 0;
    this.#window.fill(0);
  }

  #words(text: string): void {
    const { length } = text;
    let word = offset;
    let isIn = false;
    for (let at = 0; at < length; at += 1) {
      const letter = letters[text.charCodeAt(at)] ?? 0;
      if (letter !== 0) {
        word = Math.imul(word ^ letter, prime);
        isIn = true;
      } else if (isIn) {
        this.#unit(mixed(word));
        word = offset;
        isIn = false;
      }
    }
    if (isIn) this.#unit(mixed(word));
  }

  #characters(text: string): void {
    const { length } = text;
    let isBetween = true;
    for (let at = 0; at < length; at += 1) {
      const letter = letters[text.charCodeAt(at)] ?? 0;
      if (letter !== 0) this.#unit(letter);
      else if (!isBetween) this.#unit(blank);
      isBetween = letter === 0;
    }
  }

  /** A rolling hash (R. M. Karp, M. O. Rabin, 1987) modulo 2³²: what leaves the window is taken off again. */
  #unit(unit: number): void {
    const size = this.#window.length;
    const at = this.#at;
    const gone = this.#window[at] ?? 0;
    this.#rolled = (Math.imul(this.#rolled, base) + unit - Math.imul(gone, this.#oldest)) | 0;
    this.#window[at] = unit;
    this.#at = at + 1 === size ? 0 : at + 1;
    this.#seen += 1;
    if (this.#seen >= size) this.#put(mixed(this.#rolled));
  }

  #put(hash: number): void {
    if (this.count === this.hashes.length) {
      const larger = new Uint32Array(2 * this.count);
      larger.set(this.hashes);
      this.hashes = larger;
    }
    this.hashes[this.count] = hash;
    this.count += 1;
  }
}

/** FNV-1a, 32 bits, over code units. */
const offset = 0x811c9dc5 | 0;
const prime = 0x01000193;
const blank = 32;
/** Odd, with bits of both kinds all over. */
const base = 0x2c1b3c6d;

/** The last step of MurmurHash3 (A. Appleby), so that every bit of the input changes every bit of the hash. */
export function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash of a text of any kind, letter for letter. */
export function textHash(text: string, seed: number): number {
  let hash = offset ^ seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  return mixed(hash);
}

/** By code unit: its lower case, or 0 where it is no part of a word. Halves of surrogate pairs are parts of words. */
const letters = letterTable();

function letterTable(): Uint16Array {
  const part = /[\p{L}\p{M}\p{N}\p{Cs}]/u;
  return Uint16Array.from({ length: 2 ** 16 }, (_, unit) => {
    const character = String.fromCharCode(unit);
    if (!part.test(character)) return 0;
    const lower = character.toLowerCase();
    return lower.length === 1 ? lower.charCodeAt(0) : unit;
  });
}

function ascendingOnce(hashes: Uint32Array, count: number): number {
  hashes.subarray(0, count).sort();
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    const hash = hashes[at] ?? 0;
    if (kept > 0 && hashes[kept - 1] === hash) continue;
    hashes[kept] = hash;
    kept += 1;
  }
  return kept;
}
