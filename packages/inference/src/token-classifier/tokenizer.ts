import type { AddedTokenFinder } from './added-tokens.ts';
import { type AlignedText, asGiven, part } from './aligned-text.ts';
import type { Piece, PieceModel } from './piece-model.ts';
import type { WordCutter } from './words.ts';

/** A piece of a text, as a model takes it. */
export interface Token {
  readonly id: number;
  /** UTF-16 units of the text as it was given. */
  readonly start: number;
  /** The first unit behind. */
  readonly end: number;
  /** Pieces of one word have one number. */
  readonly word: number;
}

export interface TokenizerParts {
  /** Looked for before the text is normalised. */
  readonly added: AddedTokenFinder;
  /** Looked for afterwards. */
  readonly addedNormalised: AddedTokenFinder;
  normalise(aligned: AlignedText): AlignedText;
  readonly words: WordCutter;
  readonly pieces: PieceModel;
  /** A sign for a space that is no part of a token's place, where it begins or ends with it. */
  readonly trimmed?: { readonly sign: string; readonly isAdded: boolean } | undefined;
  /** Ids of the special tokens before and behind a text. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
  /** The largest id. */
  readonly largest: number;
}

/** Cuts texts as the model was trained on them, and knows where each token lies in the text. */
export class Tokenizer {
  readonly before: readonly number[];
  readonly behind: readonly number[];
  /** The largest id that it gives. */
  readonly largest: number;
  readonly #parts: TokenizerParts;

  constructor(parts: TokenizerParts) {
    this.#parts = parts;
    this.before = parts.before;
    this.behind = parts.behind;
    this.largest = parts.largest;
  }

  /** All tokens of a text, without the special ones before and behind it. */
  tokens(text: string): Token[] {
    const { added, addedNormalised } = this.#parts;
    const given = asGiven(text);
    const tokens: Token[] = [];
    for (const { from, to, id } of added.stretches(given.text)) {
      const stretch = part(given, from, to);
      if (id !== undefined) this.#push(tokens, stretch, [{ id, from: 0, to: to - from }]);
      else {
        const plain = this.#parts.normalise(stretch);
        for (const each of addedNormalised.stretches(plain.text)) {
          const within = part(plain, each.from, each.to);
          if (each.id === undefined) this.#cut(tokens, within, from === 0 && each.from === 0);
          else this.#push(tokens, within, [{ id: each.id, from: 0, to: within.text.length }]);
        }
      }
    }
    return tokens;
  }

  #cut(tokens: Token[], plain: AlignedText, isFirst: boolean): void {
    for (const word of this.#parts.words(plain, isFirst)) this.#push(tokens, word, this.#parts.pieces(word.text));
  }

  #push(tokens: Token[], word: AlignedText, pieces: readonly Piece[]): void {
    const number = (tokens.at(-1)?.word ?? -1) + 1;
    for (const { id, from, to } of pieces) tokens.push({ id, ...this.#place(word, from, to), word: number });
  }

  #place({ text, starts, ends }: AlignedText, from: number, to: number): { start: number; end: number } {
    const { trimmed } = this.#parts;
    let [first, behind] = [from, to];
    if (trimmed !== undefined) {
      while (first < behind && text[first] === trimmed.sign) first += 1;
      while (behind > first && text[behind - 1] === trimmed.sign) behind -= 1;
    }
    if (behind > first) return { start: starts[first] ?? 0, end: ends[behind - 1] ?? 0 };
    // Nothing but a space, which has no place of its own.
    const place = trimmed?.isAdded === true && starts[from] === 0 ? 0 : (ends[to - 1] ?? 0);
    return { start: place, end: place };
  }
}
