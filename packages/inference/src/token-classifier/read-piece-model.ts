import { classifierLimits as limits } from './limits.ts';
import type { PieceModel } from './piece-model.ts';
import type { JsonValue } from './read-json.ts';
import { wordPiece } from './word-piece.ts';

/** A model that is read, and the largest id in its vocabulary. */
export interface ReadPieceModel {
  readonly pieces: PieceModel;
  readonly largest: number;
}

/**
 * Reads the `model` of a tokenizer.
 * @throws InferenceError HF_INFERENCE_TOKENIZER
 */
export function readPieceModel(given: JsonValue): ReadPieceModel {
  // Files of older versions of `tokenizers` do not name WordPiece: its prefix tells.
  const type = given.get('type').isThere ? given.get('type').text(100) : 'WordPiece';
  if (type === 'WordPiece') return readWordPiece(given);
  return given.get('type').refuse(`is \`${type}\`, which is not understood`);
}

function readWordPiece(given: JsonValue): ReadPieceModel {
  const vocabulary = readVocabulary(given.get('vocab'));
  const unknown = vocabulary.get(given.get('unk_token').text(limits.pieceLength));
  if (unknown === undefined) return given.get('unk_token').refuse('is not in the vocabulary');
  const prefix = given.get('continuing_subword_prefix').text(limits.pieceLength);
  const longestWord = given.get('max_input_chars_per_word').count(1000);
  return { pieces: wordPiece({ vocabulary, unknown, prefix, longestWord }), largest: largestOf(vocabulary.values()) };
}

function readVocabulary(given: JsonValue): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [piece, id] of given.entries(limits.pieces)) {
    if (piece.length > limits.pieceLength) id.refuse(`is a piece of more than ${limits.pieceLength} characters`);
    vocabulary.set(piece, id.count(limits.pieces));
  }
  if (vocabulary.size === 0) given.refuse('is empty');
  return vocabulary;
}

function largestOf(ids: Iterable<number>): number {
  let largest = 0;
  for (const id of ids) largest = Math.max(largest, id);
  return largest;
}
