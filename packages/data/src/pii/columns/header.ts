import { fold } from '@holdfast/recognisers/fold';

/** The name of a column, taken apart: `firstName`, `first_name` and `FIRST NAME` are the same two words. */
export interface Header {
  readonly words: readonly string[];
  /** Words and phrases of scripts without spaces are looked for in this. */
  readonly text: string;
}

/** How much a name says: all of it, a part of it, or nothing. */
export type Said = 'all' | 'part' | 'nothing';

/** So much of a name counts. */
const longest = 256;
const humps = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;
const isSpaced = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{N} ]+$/u;

/** Words that say whose it is, not what. */
const generic = new Set(
  `a the of my our their main primary secondary current new old personal private home work contact customer client user
  person patient employee member applicant subscriber borrower student guest passenger holder buyer owner staff
  c v r x y col column field value val data info text full legal cust emp usr pt mr kunde kunden client cliente klient
  1 2 3 id`.split(/\s+/),
);

export function readHeader(name: string): Header {
  const text = plain(fold(name.slice(0, longest)).replaceAll(humps, ' '));
  return { words: text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== ''), text };
}

/** Lower case without accents, so that `Prénom` and `prenom` are the same. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase();

/** Phrases, ready to be looked for in names. */
export class Phrases {
  readonly #spaced: readonly (readonly string[])[];
  readonly #joined: ReadonlySet<string>;
  readonly #unspaced: readonly string[];

  constructor(phrases: readonly string[]) {
    const all = phrases.map(plain);
    this.#spaced = all.filter((phrase) => isSpaced.test(phrase)).map((phrase) => phrase.split(' '));
    this.#joined = new Set(this.#spaced.map((words) => words.join('')));
    this.#unspaced = all.filter((phrase) => !isSpaced.test(phrase));
  }

  saidBy({ words, text }: Header): Said {
    const rest = words.filter((word) => !generic.has(word));
    if (this.#joined.has(rest.join('')) || this.#joined.has(words.join(''))) return 'all';
    if (this.#unspaced.some((phrase) => text.includes(phrase))) return 'all';
    let said: Said = 'nothing';
    for (const phrase of this.#spaced) {
      const at = placeOf(phrase, words);
      if (at === -1) continue;
      const others = [...words.slice(0, at), ...words.slice(at + phrase.length)];
      if (others.every((word) => generic.has(word))) return 'all';
      said = 'part';
    }
    return said;
  }
}

/** Where words stand in others, one after the other; −1 if they do not. */
function placeOf(phrase: readonly string[], words: readonly string[]): number {
  for (let at = 0; at + phrase.length <= words.length; at++) {
    if (phrase.every((word, index) => words[at + index] === word)) return at;
  }
  return -1;
}
