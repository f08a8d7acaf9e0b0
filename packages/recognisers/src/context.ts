import type { ContextWords, Mention } from './context-words.ts';
import type { EntityType } from './entity-type.ts';
import { fold } from './fold.ts';

/** How far before and after a word counts, in UTF-16 units. */
export const before = 64;
export const after = 32;

/** How much of what was said from outside counts. */
const outsideLength = 512;

/** Words that were said of the whole text from outside, such as the name of a column. */
export function saidOutside(words: ContextWords, text: string): ReadonlyMap<EntityType, string> {
  const said = new Map<EntityType, string>();
  const folded = fold(text.slice(0, outsideLength));
  for (const { types, written } of words.mentions(folded, 0, folded.length)) {
    for (const type of types) said.set(type, written);
  }
  return said;
}

/** Words are looked for in stretches of so many units, and only where something stands that they may speak for. */
const stretch = 256;
/** The longest phrase of the lists, and more. */
const phrase = 64;

const nothing: readonly Mention[] = [];

function isNear(mention: Mention, start: number, end: number): boolean {
  return mention.end <= start ? mention.start >= start - before : mention.start >= end && mention.end <= end + after;
}

/** The words around places of a text; every stretch of it is searched once. */
export class Surroundings {
  /** Units that were searched for words. */
  searched = 0;
  readonly #words: ContextWords;
  readonly #text: string;
  readonly #stretches = new Map<number, readonly Mention[]>();
  #last: Place | undefined;

  /** @param text - folded */
  constructor(words: ContextWords, text: string) {
    this.#words = words;
    this.#text = text;
  }

  /** What is said around a place. */
  at(start: number, end: number): Place {
    if (this.#last?.start === start && this.#last.end === end) return this.#last;
    const first = Math.floor(Math.max(0, start - before) / stretch);
    const last = Math.floor(Math.min(this.#text.length, end + after) / stretch);
    let near = nothing;
    for (let index = first; index <= last; index++) {
      const mentions = this.#mentions(index);
      if (mentions.length > 0) near = [...near, ...mentions.filter((mention) => isNear(mention, start, end))];
    }
    this.#last = new Place(this.#text, start, end, near);
    return this.#last;
  }

  #mentions(index: number): readonly Mention[] {
    let mentions = this.#stretches.get(index);
    if (mentions === undefined) {
      const from = index * stretch;
      const low = Math.max(0, from - phrase);
      const high = Math.min(this.#text.length, from + stretch + phrase);
      this.searched += high - low;
      const found = this.#words.mentions(this.#text, low, high);
      mentions = found.length === 0 ? nothing : found.filter(({ start }) => start >= from && start < from + stretch);
      this.#stretches.set(index, mentions);
    }
    return mentions;
  }
}

/**
 * A place and the words near it. A word counts for what stands after it in the same sentence, or begins the next line; and for
 * what stands before it in the same line, unless it is the name of what follows. 64 units after it at most, 32 before.
 */
export class Place {
  readonly start: number;
  readonly end: number;
  readonly #text: string;
  readonly #near: readonly Mention[];
  #speaks: (boolean | undefined)[] | undefined;

  constructor(text: string, start: number, end: number, near: readonly Mention[]) {
    this.#text = text;
    this.start = start;
    this.end = end;
    this.#near = near;
  }

  /** Whether there are words near it at all. */
  get hasWords(): boolean {
    return this.#near.length > 0;
  }

  /** The word that speaks for a type. */
  wordFor(type: EntityType): string | undefined {
    for (let index = 0; index < this.#near.length; index++) {
      const mention = this.#near[index] as Mention;
      if (!mention.types.includes(type)) continue;
      this.#speaks ??= [];
      this.#speaks[index] ??= this.#speaksFor(mention);
      if (this.#speaks[index] === true) return mention.written;
    }
    return undefined;
  }

  #speaksFor(mention: Mention): boolean {
    if (mention.end <= this.start) return leadsTo(this.#text.slice(mention.end, this.start));
    const between = this.#text.slice(this.end, mention.start);
    // What is followed by a colon is the name of what follows.
    return !between.includes('\n') && !isName.test(this.#text.slice(mention.end, mention.end + 8));
  }
}

const isName = /^["'\]]{0,2}[ \t]{0,4}[:=|]/;
const newSentence = /[\p{L}\p{N}]{4}[.;!?]\s+\p{L}/u;
const hasWord = /[\p{L}\p{N}]/u;

/** Whether a word still speaks for what comes after this: no other sentence, and no other line unless it begins with it. */
function leadsTo(between: string): boolean {
  const [, next, ...more] = between.split('\n');
  if (more.length > 0 || (next !== undefined && hasWord.test(next))) return false;
  return !newSentence.test(between);
}
