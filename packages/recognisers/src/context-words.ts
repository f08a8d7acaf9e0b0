import type { EntityType } from './entity-type.ts';
import { fold } from './fold.ts';
import { unspaced } from './script.ts';
import { wordsIn } from './tokens.ts';

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
  readonly first: string;
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
/** Thai, the first of the scripts without spaces. */
const firstUnspaced = 0x0e00;

/** The words that go with the entity types, by the first word of each. Case does not matter. */
export class ContextWords {
  readonly #vocabulary = new Set<string>();
  // Whether a word of ASCII may be in the vocabulary, by its length, first two signs and last.
  readonly #perhaps = new Uint8Array(0x1_0000);
  readonly #phrases = new Map<string, Phrase[]>();
  readonly #unspaced: Phrase[] = [];

  constructor(types: readonly EntityType[]) {
    for (const type of types) for (const written of writtenOf(type)) this.#add(fold(written), written, type);
    // Capitals may look like Latin ones where small letters do not: `ЕГН` and `егн`.
    for (const type of types)
      for (const written of writtenOf(type)) this.#add(fold(written.toUpperCase()), written, type);
  }

  #add(folded: string, written: string, type: EntityType): void {
    const isWords = !isUnspaced.test(written);
    const [first = '', ...rest] = isWords ? wordsOf(folded) : [folded];
    const list = isWords ? (this.#phrases.get(first) ?? []) : this.#unspaced;
    if (isWords) {
      for (const word of [first, ...rest]) this.#vocabulary.add(word);
      for (const word of [first, ...rest]) this.#perhaps[hashOf(word, 0, word.length)] = 1;
      this.#phrases.set(first, list);
    }
    const alike = list.filter((one) => one.first === first && one.rest.join(' ') === rest.join(' '));
    if (alike.some(({ types }) => types.includes(type))) return;
    const known = alike.find((one) => one.written === written);
    if (known === undefined) list.push({ written, first, rest, types: [type] });
    else known.types.push(type);
  }

  /** Every mention from `from` up to `to`, in order of its start. Time is in proportion to the text, and to the longest phrase. */
  mentions(text: string, from: number, to: number): Mention[] {
    const tokens: Token[] = [];
    const { places, bits } = wordsIn(text, from, to);
    for (let index = 0; index < places.length; index += 3) {
      const start = places[index] as number;
      const end = places[index + 1] as number;
      if (places[index + 2] === 1 && this.#perhaps[hashOf(text, start, end)] === 0) continue;
      const word = text.slice(start, end).toLowerCase();
      if (this.#vocabulary.has(word)) tokens.push({ word, place: index / 3, start, end });
    }
    if (tokens.length === 0 && bits < firstUnspaced) return [];
    const found = tokens.flatMap((_, index) => this.#phrasesAt(tokens, index));
    return bits < firstUnspaced ? found : this.#withUnspaced(found, text, from, to);
  }

  #phrasesAt(tokens: readonly Token[], index: number): Mention[] {
    const { word: first, place, start, end } = tokens[index] as Token;
    const found: Mention[] = [];
    for (const { written, rest, types } of this.#phrases.get(first) ?? []) {
      const isThere = rest.every((word, at) => {
        const token = tokens[index + 1 + at];
        return token?.word === word && token.place === place + 1 + at;
      });
      if (isThere) found.push({ written, start, end: tokens[index + rest.length]?.end ?? end, types });
    }
    return found;
  }

  #withUnspaced(found: Mention[], text: string, from: number, to: number): Mention[] {
    const part = text.slice(from, to);
    if (!isUnspaced.test(part)) return found;
    for (const { written, first, types } of this.#unspaced) {
      for (let at = part.indexOf(first); at !== -1; at = part.indexOf(first, at + 1)) {
        found.push({ written, start: from + at, end: from + at + first.length, types });
      }
    }
    return found.sort((one, other) => one.start - other.start);
  }
}

function writtenOf({ context }: EntityType): Set<string> {
  return new Set(Object.values(context).flat());
}

/** The words of a short text, in lower case. */
function wordsOf(text: string): string[] {
  const { places } = wordsIn(text, 0, text.length);
  const starts = places.filter((_, index) => index % 3 === 0);
  return starts.map((start, index) => text.slice(start, places[index * 3 + 1]).toLowerCase());
}

/** Of the length, the first two signs and the last, whatever their case, from 0 to 0xffff. */
function hashOf(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start) & 31;
  const second = text.charCodeAt(Math.min(start + 1, end - 1)) & 31;
  const last = text.charCodeAt(end - 1) & 31;
  return ((first << 11) ^ (second << 6) ^ (last << 1) ^ ((end - start) * 0x9e5)) & 0xffff;
}
