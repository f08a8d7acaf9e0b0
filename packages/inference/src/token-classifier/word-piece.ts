import type { Piece, PieceModel } from './piece-model.ts';

/** The fields of `WordPiece` in a `tokenizer.json`. */
export interface WordPieceFields {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The id of a word that no pieces make. */
  readonly unknown: number;
  /** What stands before a piece that begins no word: `##`. */
  readonly prefix: string;
  /** A word of more characters is unknown. */
  readonly longestWord: number;
}

/** Cuts a word into the longest pieces of the vocabulary, from its beginning on (Devlin et al. 2018, WordPiece). */
export function wordPiece({ vocabulary, unknown, prefix, longestWord }: WordPieceFields): PieceModel {
  const longest = longestOf(vocabulary);
  const next = (word: string, from: number): Piece | undefined => {
    const before = from === 0 ? '' : prefix;
    for (let to = Math.min(word.length, from + longest); to > from; to -= 1) {
      const id = vocabulary.get(before + word.slice(from, to));
      if (id !== undefined) return { id, from, to };
    }
    return undefined;
  };
  return (word) => {
    const whole = [{ id: unknown, from: 0, to: word.length }];
    if (word.length > longestWord && Array.from(word).length > longestWord) return whole;
    const pieces: Piece[] = [];
    for (let at = 0; at < word.length; ) {
      const piece = next(word, at);
      if (piece === undefined) return whole;
      pieces.push(piece);
      at = piece.to;
    }
    return pieces;
  };
}

function longestOf(vocabulary: ReadonlyMap<string, number>): number {
  let longest = 1;
  for (const piece of vocabulary.keys()) longest = Math.max(longest, piece.length);
  return longest;
}
