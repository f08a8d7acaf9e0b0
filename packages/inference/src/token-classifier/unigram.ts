import type { Piece, PieceModel } from './piece-model.ts';

/** The fields of `Unigram` in a `tokenizer.json`. */
export interface UnigramFields {
  /** Pieces with their log probabilities, by id. */
  readonly pieces: readonly (readonly [string, number])[];
  readonly unknown: number;
}

/** An unknown character is so much less likely than the least likely piece (SentencePiece, `kUnkPenalty`). */
const unknownPenalty = 10;

interface Best {
  readonly score: number;
  readonly from: number;
  readonly id: number;
}

/**
 * The most probable way to cut a word (Kudo 2018, unigram language model; the path is Viterbi's). Unknown characters beside each
 * other are one piece.
 */
export function unigram({ pieces, unknown }: UnigramFields): PieceModel {
  const known = new Map(pieces.map(([piece, score], id) => [piece, { id, score }]));
  const longest = pieces.reduce((most, [piece]) => Math.max(most, piece.length), 1);
  const unknownScore = pieces.reduce((least, [, score]) => Math.min(least, score), Infinity) - unknownPenalty;
  return (word) => {
    const best: (Best | undefined)[] = [{ score: 0, from: 0, id: unknown }];
    const offer = (to: number, path: Best): void => {
      const before = best[to];
      if (before === undefined || path.score > before.score) best[to] = path;
    };
    for (let from = 0; from < word.length; ) {
      const size = (word.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      const score = best[from]?.score ?? 0;
      let isAlone = false;
      for (let to = from + 1; to <= Math.min(word.length, from + longest); to += 1) {
        const piece = known.get(word.slice(from, to));
        if (piece === undefined) continue;
        offer(to, { score: score + piece.score, from, id: piece.id });
        isAlone ||= to - from === size;
      }
      if (!isAlone) offer(from + size, { score: score + unknownScore, from, id: unknown });
      from += size;
    }
    return pathOf(best, word.length, unknown);
  };
}

function pathOf(best: readonly (Best | undefined)[], length: number, unknown: number): Piece[] {
  const path: Piece[] = [];
  for (let to = length; to > 0; ) {
    const { from, id } = best[to] ?? { from: to - 1, id: unknown };
    const behind = path.at(-1);
    if (id === unknown && behind?.id === unknown) path[path.length - 1] = { id, from, to: behind.to };
    else path.push({ id, from, to });
    to = from;
  }
  return path.reverse();
}
