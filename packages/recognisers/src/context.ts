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
  for (const { types, written } of words.mentions(fold(text.slice(0, outsideLength)))) {
    for (const type of types) said.set(type, written);
  }
  return said;
}

/** Words are looked for in stretches of so many units, and only where something stands that they may speak for. */
const stretch = 256;
/** The longest phrase of the lists, and more. */
const phrase = 64;

/**
 * What is said around places of a text. A word counts for what stands after it in the same sentence, or begins the next line;
 * and for what stands before it in the same line, unless it is the name of what follows. 64 units after it at most, 32 before.
 */
export class Surroundings {
  /** Units that were searched for words. */
  searched = 0;
  readonly #words: ContextWords;
  readonly #text: string;
  readonly #outside: ReadonlyMap<EntityType, string>;
  readonly #stretches = new Map<number, readonly Mention[]>();

  /** @param text - folded */
  constructor(words: ContextWords, text: string, outside: ReadonlyMap<EntityType, string>) {
    this.#words = words;
    this.#text = text;
    this.#outside = outside;
  }

  /** The word that speaks for a type at a place. */
  wordFor(type: EntityType, start: number, end: number): string | undefined {
    const outside = this.#outside.get(type);
    if (outside !== undefined) return outside;
    const first = Math.floor(Math.max(0, start - before) / stretch);
    const last = Math.floor(Math.min(this.#text.length, end + after) / stretch);
    for (let index = first; index <= last; index++) {
      for (const mention of this.#mentions(index)) {
        if (mention.types.includes(type) && this.#speaksFor(mention, start, end)) return mention.written;
      }
    }
    return undefined;
  }

  #mentions(index: number): readonly Mention[] {
    let mentions = this.#stretches.get(index);
    if (mentions === undefined) {
      const from = index * stretch;
      const low = Math.max(0, from - phrase);
      const text = this.#text.slice(low, from + stretch + phrase);
      this.searched += text.length;
      mentions = this.#words
        .mentions(text)
        .map((mention) => ({ ...mention, start: low + mention.start, end: low + mention.end }))
        .filter(({ start }) => start >= from && start < from + stretch);
      this.#stretches.set(index, mentions);
    }
    return mentions;
  }

  #speaksFor(mention: Mention, start: number, end: number): boolean {
    if (mention.end <= start) return mention.start >= start - before && leadsTo(this.#text.slice(mention.end, start));
    if (mention.start < end || mention.end > end + after) return false;
    const between = this.#text.slice(end, mention.start);
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
