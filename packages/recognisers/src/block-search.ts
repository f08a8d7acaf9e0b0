import { endianness } from 'node:os';
import type { Candidate } from './candidate.ts';
import type { Compiled, CompiledPattern, MarkedPattern, Reading, Readings } from './compiled.ts';
import { type Place, Surroundings } from './context.ts';
import type { EntityType } from './entity-type.ts';
import { isPair } from './signs.ts';

/** Units of the folded text that are searched together. */
export const blockLength = 8192;

const isBigEndian = endianness() === 'BE';

/** What is looked at before a block. */
const lead = 4;

/** How much was done. */
export interface Work {
  /** Units that went through an automaton, each time that they did. */
  scanned: number;
  /** How often an exact pattern was tried at a place. */
  tried: number;
  /** Places where a form was found. */
  matched: number;
  /** Units that were searched for words that go with an entity. */
  surroundings: number;
}

/** Finds the candidates that begin in one block of a text after the other. */
export class BlockSearch {
  readonly work: Work = { scanned: 0, tried: 0, matched: 0, surroundings: 0 };
  readonly #compiled: Compiled;
  readonly #outside: ReadonlyMap<EntityType, string>;
  readonly #minConfidence: number;
  readonly #bytes: Buffer;
  readonly #units: Uint16Array;
  /** Up to where each pattern has matched, in offsets of the whole folded text: its matches do not overlap. */
  readonly #ends: number[];
  #text = '';
  #base = 0;
  #surroundings: Surroundings;
  #candidates: Candidate[] = [];

  constructor(compiled: Compiled, minConfidence: number, outside: ReadonlyMap<EntityType, string>) {
    this.#compiled = compiled;
    this.#minConfidence = minConfidence;
    this.#outside = outside;
    this.#units = new Uint16Array(lead + blockLength + this.#ahead);
    this.#bytes = Buffer.from(this.#units.buffer);
    this.#ends = compiled.patterns.map(() => 0);
    this.#surroundings = new Surroundings(compiled.words, '');
  }

  /** How far behind a block the automata have to see to find all that begins in it. */
  get #ahead(): number {
    const { edges, marks, back } = this.#compiled;
    return Math.max(edges.longest + 2, back + marks.longest);
  }

  /**
   * @param text - what is kept of the folded text
   * @param base - the offset at which it begins
   * @param from - the offset at which the block begins; blocks come in their order
   * @returns in the order of their starts; offsets are of the whole folded text
   */
  block(text: string, base: number, from: number): Candidate[] {
    const at = from - base;
    const low = Math.max(0, at - lead);
    const length = Math.min(text.length - low, at - low + blockLength + this.#ahead);
    this.#bytes.write(text.slice(low, low + length), 'utf16le');
    if (isBigEndian) this.#bytes.swap16();
    this.#text = text;
    this.#base = base;
    this.#surroundings = new Surroundings(this.#compiled.words, text);
    this.#candidates = [];
    this.#edges(low, length, at - low);
    this.#marks(low, length, at - low);
    this.work.surroundings += this.#surroundings.searched;
    return this.#candidates.sort((one, other) => one.start - other.start || other.end - one.end);
  }

  #edges(low: number, length: number, from: number): void {
    const { edges, layouts, edgePatterns } = this.#compiled;
    const before = edges.walked;
    const found = edges.find(this.#units, length, from, from + blockLength);
    this.work.scanned += edges.walked - before;
    for (let index = 0; index < found.length; index += 3) {
      const beginning = found[index] as number;
      const start = low + (found[index + 1] as number);
      const readings = layouts[beginning];
      if (readings === undefined) this.#try(edgePatterns[beginning - layouts.length] as number, start);
      else this.#judge(readings, start, low + (found[index + 2] as number));
    }
  }

  #marks(low: number, length: number, from: number): void {
    const { marks, marked, back } = this.#compiled;
    const to = Math.min(length, from + blockLength + back + marks.longest);
    const found = marks.find(this.#units, from, to);
    this.work.scanned += to - from;
    for (let index = 0; index < found.length; index += 2) {
      this.#before(marked[found[index] as number] as MarkedPattern, found[index + 1] as number, low, from);
    }
  }

  /** Tries a pattern at the farthest place before its mark first; only places in the block count. */
  #before({ pattern, most, passes }: MarkedPattern, mark: number, low: number, from: number): void {
    const units = this.#units;
    let at = mark;
    while (at > from && mark - at < most) {
      const code = units[at - 1] as number;
      if (code < 128 && passes[code] === 0) break;
      at -= 1;
    }
    for (; at <= mark && at < from + blockLength; at++) {
      const isHalf = at > 0 && isPair(units[at - 1] as number, units[at] as number);
      if (!isHalf && this.#try(pattern, low + at)) return;
    }
  }

  /** Whether the pattern matches at a place that is not in its last match. */
  #try(index: number, start: number): boolean {
    if (this.#base + start < (this.#ends[index] ?? 0)) return false;
    const pattern = this.#compiled.patterns[index] as CompiledPattern;
    const { exact, hasGroup } = pattern;
    this.work.tried += 1;
    exact.lastIndex = start;
    const group = hasGroup ? exact.exec(this.#text)?.[1] : undefined;
    if (!hasGroup) exact.test(this.#text);
    const end = exact.lastIndex;
    if (end <= start) return false;
    this.#ends[index] = this.#base + end;
    this.#judge(pattern, group === undefined ? start : end - group.length, end);
    return true;
  }

  /** Whichever can rule a reading out without the other comes first: the check, or the word that it cannot do without. */
  #judge(readings: Readings, start: number, end: number): void {
    this.work.matched += 1;
    const place = this.#surroundings.at(start, end);
    const hasWords = this.#outside.size > 0 || place.hasWords;
    let value: string | undefined;
    for (const reading of hasWords ? readings.all : readings.sure) {
      const { type, alone } = reading;
      const needsWord = alone < this.#minConfidence;
      let word = needsWord ? this.#wordFor(type, place) : undefined;
      if (needsWord && word === undefined) continue;
      if (type.check !== undefined) {
        value ??= this.#valueOf(readings, start, end);
        if (!type.check(value)) continue;
      }
      if (!needsWord && hasWords && type.decoy !== true) word = this.#wordFor(type, place);
      this.#candidates.push(this.#candidate(reading, start, end, word));
    }
  }

  #wordFor(type: EntityType, place: Place): string | undefined {
    return this.#outside.get(type) ?? place.wordFor(type);
  }

  #valueOf({ isCompacted }: Readings, start: number, end: number): string {
    const text = this.#text.slice(start, end);
    return isCompacted ? text.replaceAll(/[ \-./]/g, '').toUpperCase() : text;
  }

  #candidate(
    { type, form, alone, named, rank }: Reading,
    start: number,
    end: number,
    word: string | undefined,
  ): Candidate {
    return {
      type,
      rank,
      start: this.#base + start,
      end: this.#base + end,
      confidence: word === undefined ? alone : named,
      why: {
        form: form.name,
        ...(type.checksum === undefined ? {} : { checksum: type.checksum }),
        ...(word === undefined ? {} : { context: word }),
      },
    };
  }
}
