import type { EntityType } from './entity-type.ts';
import { fold } from './fold.ts';
import { unspaced } from './script.ts';

/** A word of a text that occurs in the lists, in lower case. */
interface Token {
  readonly word: string;
  /** How many words of the text stand before it. */
  readonly place: number;
  readonly start: number;
  readonly end: number;
}

/** A word of the lists, or several in a row. */
interface Phrase {
  /** As it stands in the list; what findings say. */
  readonly written: string;
  /** Its words after the first. */
  readonly rest: readonly string[];
  readonly types: EntityType[];
}

/** A word of the lists in a text, and whom it speaks for. */
export interface Mention {
  readonly written: string;
  readonly start: number;
  readonly end: number;
  readonly types: readonly EntityType[];
}

const isUnspaced = new RegExp(unspaced, 'u');
const word = /\p{L}[\p{L}\p{M}\p{N}]*/gu;
// `nhsNumber` is two words, and so is `NHSNumber`.
const humps = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/**
 * The words of a text. Case does not matter, but where it changes a word ends: `nhsNumber`, `nhs_number` and `NHS number` are
 * the same. Numbers are no words.
 * @param isWanted - the others are counted and left out
 */
function tokensOf(text: string, isWanted: (word: string) => boolean): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  for (const { 0: whole, index } of text.matchAll(word)) {
    let start = index;
    for (const part of whole.split(humps)) {
      const lower = part.toLowerCase();
      if (isWanted(lower)) tokens.push({ word: lower, place, start, end: start + part.length });
      start += part.length;
      place += 1;
    }
  }
  return tokens;
}

/** The words that go with the entity types, by the first word of each. */
export class ContextWords {
  readonly #vocabulary = new Set<string>();
  readonly #phrases = new Map<string, Phrase[]>();
  readonly #unspaced: { written: string; types: EntityType[] }[] = [];

  constructor(types: readonly EntityType[]) {
    for (const type of types)
      for (const written of new Set(Object.values(type.context).flat())) this.#add(written, type);
  }

  #add(written: string, type: EntityType): void {
    const [list, phrase] = isUnspaced.test(written) ? this.#unspacedEntry(written) : this.#entry(written);
    const known = list.find((one) => one.written === written);
    if (known === undefined) list.push({ ...phrase, types: [type] });
    else known.types.push(type);
  }

  #unspacedEntry(written: string): [{ written: string; types: EntityType[] }[], Phrase] {
    return [this.#unspaced, { written, rest: [], types: [] }];
  }

  #entry(written: string): [Phrase[], Phrase] {
    const [first = '', ...rest] = tokensOf(fold(written), () => true).map((token) => token.word);
    for (const one of [first, ...rest]) this.#vocabulary.add(one);
    const list = this.#phrases.get(first) ?? [];
    this.#phrases.set(first, list);
    return [list, { written, rest, types: [] }];
  }

  /** Every mention in a text, in order of its start. Time is in proportion to the text, and to the longest phrase. */
  mentions(text: string): Mention[] {
    const tokens = tokensOf(text, (word) => this.#vocabulary.has(word));
    const found: Mention[] = [];
    for (const [index, { word: first, place, start }] of tokens.entries()) {
      for (const { written, rest, types } of this.#phrases.get(first) ?? []) {
        const follow = tokens.slice(index + 1, index + 1 + rest.length);
        if (follow.length < rest.length) continue;
        if (!follow.every((token, at) => token.word === rest[at] && token.place === place + 1 + at)) continue;
        found.push({ written, start, end: (follow.at(-1) ?? tokens[index])?.end ?? start, types });
      }
    }
    if (!isUnspaced.test(text)) return found;
    for (const { written, types } of this.#unspaced) {
      for (let at = text.indexOf(written); at !== -1; at = text.indexOf(written, at + 1)) {
        found.push({ written, start: at, end: at + written.length, types });
      }
    }
    return found.sort((one, other) => one.start - other.start);
  }
}
