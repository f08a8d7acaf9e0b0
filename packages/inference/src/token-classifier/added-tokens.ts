import { classifierLimits as limits } from './limits.ts';
import type { JsonValue } from './read-json.ts';

/** A token that is found in a text before it is cut into words, such as `[SEP]` or `<mask>`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** White space before it belongs to it. */
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  /** It is none within a word. */
  readonly isWord: boolean;
  /** It is looked for after the text is normalised. */
  readonly isNormalised: boolean;
}

/** A stretch of a text: an added token, or what lies between. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Absent where it is no added token. */
  readonly id?: number;
}

export function readAddedTokens(given: JsonValue): AddedToken[] {
  if (!given.isThere) return [];
  return given.items(limits.addedTokens).map((each) => ({
    id: each.get('id').count(limits.pieces),
    content: each.get('content').text(limits.pieceLength),
    stripsLeft: each.get('lstrip').flag(false),
    stripsRight: each.get('rstrip').flag(false),
    isWord: each.get('single_word').flag(false),
    isNormalised: each.get('normalized').flag(true),
  }));
}

/** Finds added tokens: the first place counts, and the longest one that begins there. */
export class AddedTokenFinder {
  readonly #byFirst = new Map<string, AddedToken[]>();

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) {
      const first = token.content.charAt(0);
      if (first === '') continue;
      this.#byFirst.set(first, [...(this.#byFirst.get(first) ?? []), token]);
    }
    for (const alike of this.#byFirst.values()) alike.sort((a, b) => b.content.length - a.content.length);
  }

  /** Cuts all of a text, in order. */
  stretches(text: string): Stretch[] {
    if (this.#byFirst.size === 0) return text === '' ? [] : [{ from: 0, to: text.length }];
    const found: Stretch[] = [];
    let done = 0;
    for (let at = 0; at < text.length; at += 1) {
      const token = this.#tokenAt(text, at);
      if (token === undefined) continue;
      const from = token.stripsLeft ? Math.max(done, leftOf(text, at)) : at;
      const behind = at + token.content.length;
      const to = token.stripsRight ? rightOf(text, behind) : behind;
      if (from > done) found.push({ from: done, to: from });
      found.push({ from, to, id: token.id });
      done = to;
      at = to - 1;
    }
    if (done < text.length) found.push({ from: done, to: text.length });
    return found;
  }

  #tokenAt(text: string, at: number): AddedToken | undefined {
    const token = this.#byFirst.get(text.charAt(at))?.find(({ content }) => text.startsWith(content, at));
    return token?.isWord === true && isWithinWord(text, at, at + token.content.length) ? undefined : token;
  }
}

const isSpace = (text: string, at: number): boolean => /^[\p{White_Space}]$/u.test(text.charAt(at));

function leftOf(text: string, at: number): number {
  let from = at;
  while (from > 0 && isSpace(text, from - 1)) from -= 1;
  return from;
}

function rightOf(text: string, at: number): number {
  let to = at;
  while (to < text.length && isSpace(text, to)) to += 1;
  return to;
}

function isWithinWord(text: string, from: number, to: number): boolean {
  const word = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
  return word.test(text.slice(Math.max(0, from - 2), from).slice(-1)) || word.test(text.charAt(to));
}
