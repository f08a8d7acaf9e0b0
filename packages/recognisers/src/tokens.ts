import { isPair, kindOfPair, kindOfUnit, kinds } from './signs.ts';

const { lower, upper, letter } = kinds;

/** The words of a text. */
export interface Words {
  /** Three numbers each: where it starts, where it ends, and 1 where it has only signs of ASCII, else 0. */
  readonly places: readonly number[];
  /** The largest unit that was met. */
  readonly largest: number;
}

/**
 * The words of a text from `from` up to `to`: letters, and the marks and digits after them. Where case changes a word ends:
 * `nhsNumber` and `NHSNumber` are two. Numbers are no words.
 */
export function wordsIn(text: string, from: number, to: number): Words {
  const places: number[] = [];
  let largest = 0;
  let start = -1;
  let all = 0;
  // The kinds of the two characters before, in the same word.
  let last = 0;
  let lastButOne = 0;
  let lastAt = from;
  for (let at = from; at < to; at++) {
    const here = at;
    const code = text.charCodeAt(at);
    let kind = kindOfUnit(code);
    if (code > 127) {
      if (code > largest) largest = code;
      if (at + 1 < to && isPair(code, text.charCodeAt(at + 1))) {
        kind = kindOfPair(code, text.charCodeAt(at + 1));
        at += 1;
      }
    }
    if (start === -1) {
      if (kind < lower || kind > letter) continue;
      start = here;
      all = 0;
      last = 0;
    } else if (kind === kinds.other) {
      places.push(start, here, all < 128 ? 1 : 0);
      start = -1;
      continue;
    } else if (kind === upper && last === lower) {
      places.push(start, here, all < 128 ? 1 : 0);
      start = here;
      all = 0;
    } else if (kind === lower && last === upper && lastButOne === upper) {
      places.push(start, lastAt, all < 128 ? 1 : 0);
      start = lastAt;
      all = text.charCodeAt(lastAt);
    }
    all |= code;
    lastButOne = last;
    last = kind;
    lastAt = here;
  }
  if (start !== -1) places.push(start, to, all < 128 ? 1 : 0);
  return { places, largest };
}
