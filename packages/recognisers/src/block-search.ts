import type { Candidate } from './candidate.ts';
import type { Compiled, CompiledPattern, Reading } from './compiled.ts';
import { Surroundings } from './context.ts';
import type { EntityType } from './entity-type.ts';
import { reach } from './form.ts';

/** Units of the folded text that are searched together. */
export const blockLength = 2048;

/** What a pattern may look at before and after what it matches. */
const edge = 256;

/** How much was done. */
export interface Work {
  /** Units that went through the prefilter. */
  prefiltered: number;
  /** Units that were given to exact patterns. */
  searched: number;
  /** Places where a form was found. */
  matched: number;
  /** Units that were searched for words that go with an entity. */
  surroundings: number;
}

/** A form at a place, in offsets of what is kept of the text, and what stands there as the check wants it. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly readings: readonly Reading[];
}

function compacted(text: string): string {
  return text.replaceAll(/[ \-./]/g, '').toUpperCase();
}

/** Finds the candidates that begin in one block of a text. */
export class BlockSearch {
  readonly work: Work = { prefiltered: 0, searched: 0, matched: 0, surroundings: 0 };
  readonly #compiled: Compiled;
  readonly #minConfidence: number;
  readonly #outside: ReadonlyMap<EntityType, string>;

  constructor(compiled: Compiled, minConfidence: number, outside: ReadonlyMap<EntityType, string>) {
    this.#compiled = compiled;
    this.#minConfidence = minConfidence;
    this.#outside = outside;
  }

  /**
   * @param text - what is kept of the folded text
   * @param base - the offset at which it begins
   * @param from - the offset at which the block begins
   * @returns in the order of their starts; offsets are of the whole folded text
   */
  block(text: string, base: number, from: number): Candidate[] {
    const at = from - base;
    const matches = [...this.#layouts(text, at), ...this.#patterns(text, at)];
    this.work.matched += matches.length;
    if (matches.length === 0) return [];
    const surroundings = new Surroundings(this.#compiled.words, text, this.#outside);
    const candidates: Candidate[] = [];
    for (const match of matches) {
      for (const reading of match.readings) {
        const candidate = this.#judge(reading, match, surroundings, base);
        if (candidate !== undefined) candidates.push(candidate);
      }
    }
    this.work.surroundings += surroundings.searched;
    return candidates.sort((one, other) => one.start - other.start || other.end - one.end);
  }

  #layouts(text: string, at: number): Match[] {
    const { layouts, readings } = this.#compiled;
    return layouts.find(text, at, at + blockLength).map(({ layout, start, end }) => ({
      start,
      end,
      value: compacted(text.slice(start, end)),
      readings: readings[layout] ?? [],
    }));
  }

  #patterns(text: string, at: number): Match[] {
    const window = text.slice(Math.max(0, at - 1), at + blockLength + reach);
    this.work.prefiltered += window.length;
    return this.#compiled.patterns.patternsIn(window).flatMap((pattern) => this.#matches(pattern, text, at));
  }

  #matches({ form, exact, readings }: CompiledPattern, text: string, at: number): Match[] {
    const low = Math.max(0, at - edge);
    const slice = text.slice(low, at + blockLength + form.longest + 4);
    this.work.searched += slice.length;
    const matches: Match[] = [];
    exact.lastIndex = at - low;
    for (let match = exact.exec(slice); match !== null; match = exact.exec(slice)) {
      if (match.index >= at - low + blockLength) break;
      const value = match[1] ?? match[0];
      const end = low + match.index + match[0].length;
      matches.push({ start: end - value.length, end, value: form.compact ? compacted(value) : value, readings });
    }
    return matches;
  }

  /** Whichever can rule it out without the other comes first: the check, or the word that it cannot do without. */
  #judge(
    { type, form, alone, named }: Reading,
    { start, end, value }: Match,
    surroundings: Surroundings,
    base: number,
  ): Candidate | undefined {
    const needsWord = alone < this.#minConfidence;
    let word = needsWord ? surroundings.wordFor(type, start, end) : undefined;
    if (needsWord && word === undefined) return undefined;
    if (type.check?.(value) === false) return undefined;
    if (!needsWord && type.decoy !== true) word = surroundings.wordFor(type, start, end);
    return {
      type,
      start: base + start,
      end: base + end,
      confidence: word === undefined ? alone : named,
      why: {
        form: form.name,
        ...(type.checksum === undefined ? {} : { checksum: type.checksum }),
        ...(word === undefined ? {} : { context: word }),
      },
    };
  }
}
