import { isPair, isSurrogate, kindOfPair, kindOfUnit, kinds } from './signs.ts';

const { other, lower, upper, letter } = kinds;

/** The words of a text. */
export interface Words {
  /** Three numbers each: where it starts, where it ends, and 1 where it has only signs of ASCII, else 0. */
  readonly places: readonly number[];
  /** The bits of all units that were met. */
  readonly bits: number;
}

/** The kind of the character at a place; of a pair at its first half. */
function kindAt(text: string, at: number, to: number, code: number): number {
  if (!isSurrogate(code)) return kindOfUnit(code);
  const next = at + 1 < to ? text.charCodeAt(at + 1) : 0;
  return isPair(code, next) ? kindOfPair(code, next) : other;
}

/**
 * The words of a text from `from` up to `to`: letters, and the marks and digits after them. Where case changes a word ends:
 * `nhsNumber` and `NHSNumber` are two. Numbers are no words.
 */
export function wordsIn(text: string, from: number, to: number): Words {
  const places: number[] = [];
  let bits = 0;
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    bits |= code;
    const kind = code < 128 ? kindOfUnit(code) : kindAt(text, at, to, code);
    if (kind < lower || kind > letter) {
      at += 1;
      continue;
    }
    let end = code < 128 ? plainEnd(text, at, to) : at;
    if (end > at) places.push(at, end, 1);
    else {
      end = wordEnd(text, at, to);
      bits |= partsOf(text, at, end, places);
    }
    at = end;
  }
  return { places, bits };
}

/** Where a word of ASCII ends that has only small letters after its first sign; `from` if it is another one. */
function plainEnd(text: string, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return from;
    const kind = kindOfUnit(code);
    if (kind !== lower) return kind === other ? at : from;
  }
  return to;
}

/** Where the word that begins at a place ends. */
function wordEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (kindOfUnit(code) === other) break;
      at += 1;
    } else {
      if (kindAt(text, at, to, code) === other) break;
      at += isSurrogate(code) ? 2 : 1;
    }
  }
  return at;
}

/** Cuts a word where its case changes; the bits of its units. */
function partsOf(text: string, from: number, to: number, places: number[]): number {
  let start = from;
  let all = 0;
  let bits = 0;
  let last = 0;
  let lastButOne = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kindOfUnit(code) : kindAt(text, at, to, code);
    // The second half of a pair has no kind of its own.
    const isHalf = code >= 0xdc00 && code < 0xe000;
    if (kind === upper && last === lower) {
      places.push(start, at, bits < 128 ? 1 : 0);
      start = at;
      bits = 0;
    } else if (kind === lower && last === upper && lastButOne === upper) {
      const before = at - (isSurrogate(text.charCodeAt(at - 1)) ? 2 : 1);
      places.push(start, before, bits < 128 ? 1 : 0);
      start = before;
      bits = text.charCodeAt(before);
    }
    bits |= code;
    all |= code;
    if (isHalf) continue;
    lastButOne = last;
    last = kind;
  }
  places.push(start, to, bits < 128 ? 1 : 0);
  return all;
}
