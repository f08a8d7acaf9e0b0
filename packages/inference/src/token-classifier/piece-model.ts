/** A piece of a word that has an id in the vocabulary. */
export interface Piece {
  readonly id: number;
  /** UTF-16 units of the word. */
  readonly from: number;
  readonly to: number;
}

/** Cuts a word into pieces: all of it, and in order. */
export type PieceModel = (word: string) => readonly Piece[];
