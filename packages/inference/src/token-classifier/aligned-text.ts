/** A text as a tokenizer changes it, and where in the original each of its UTF-16 units comes from. */
export interface AlignedText {
  readonly text: string;
  /** For each unit of `text`: the first unit of the original that it stands for. */
  readonly starts: ArrayLike<number>;
  /** The first unit behind. */
  readonly ends: ArrayLike<number>;
}

/** The original itself: lone surrogates aside, which are no characters, nothing is changed. */
export function asGiven(original: string): AlignedText {
  const text = original.toWellFormed();
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const isLow = isLowSurrogate(text.charCodeAt(at));
    const isHigh = isLowSurrogate(text.charCodeAt(at + 1));
    starts[at] = isLow ? at - 1 : at;
    ends[at] = isHigh ? at + 2 : at + 1;
  }
  return { text, starts, ends };
}

/** Within well-formed text: whether a unit is the second of a character. */
function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export function part({ text, starts, ends }: AlignedText, from: number, to: number): AlignedText {
  const cut = (places: ArrayLike<number>): ArrayLike<number> =>
    places instanceof Uint32Array ? places.subarray(from, to) : Array.prototype.slice.call(places, from, to);
  return { text: text.slice(from, to), starts: cut(starts), ends: cut(ends) };
}

/** Puts a text together of changed characters. */
export class AlignedWriter {
  readonly #pieces: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** @param start of what the characters stand for, in the original */
  write(characters: string, start: number, end: number): void {
    this.#pieces.push(characters);
    for (let unit = 0; unit < characters.length; unit += 1) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  done(): AlignedText {
    return { text: this.#pieces.join(''), starts: this.#starts, ends: this.#ends };
  }
}

/** Changes each character by itself; what is changed to nothing is dropped. */
export function eachCharacter(aligned: AlignedText, change: (character: string) => string): AlignedText {
  const writer = new AlignedWriter();
  let at = 0;
  for (const character of aligned.text) {
    const last = at + character.length - 1;
    writer.write(change(character), aligned.starts[at] ?? 0, aligned.ends[last] ?? 0);
    at += character.length;
  }
  return writer.done();
}
