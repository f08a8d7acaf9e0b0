import { bytePair } from './byte-pair.ts';
import { classifierLimits as limits } from './limits.ts';
import type { PieceModel } from './piece-model.ts';
import type { JsonValue } from './read-json.ts';
import { unigram } from './unigram.ts';
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
  const type = given.get('type').isThere ? given.get('type').text(100) : typeOf(given);
  switch (type) {
    case 'WordPiece':
      return readWordPiece(given);
    case 'BPE':
      return readBytePair(given);
    case 'Unigram':
      return readUnigram(given);
    default:
      return given.get('type').refuse(`is \`${type}\`, which is not understood`);
  }
}

/** Files of older versions of `tokenizers` do not name the type: their fields tell. */
function typeOf(given: JsonValue): string {
  if (given.get('merges').isThere) return 'BPE';
  return given.get('unk_id').isThere ? 'Unigram' : 'WordPiece';
}

function readWordPiece(given: JsonValue): ReadPieceModel {
  const vocabulary = readVocabulary(given.get('vocab'));
  const unknown = vocabulary.get(given.get('unk_token').text(limits.pieceLength));
  if (unknown === undefined) return given.get('unk_token').refuse('is not in the vocabulary');
  const prefix = given.get('continuing_subword_prefix').text(limits.pieceLength);
  const longestWord = given.get('max_input_chars_per_word').count(1000);
  return { pieces: wordPiece({ vocabulary, unknown, prefix, longestWord }), largest: largestOf(vocabulary.values()) };
}

function readBytePair(given: JsonValue): ReadPieceModel {
  for (const key of ['continuing_subword_prefix', 'end_of_word_suffix']) {
    if (given.get(key).isThere && given.get(key).text(100) !== '') given.get(key).refuse('is not understood');
  }
  if (given.get('byte_fallback').flag(false)) given.get('byte_fallback').refuse('is not understood');
  if (given.get('dropout').isThere && given.get('dropout').number() !== 0) given.get('dropout').refuse('is not 0');
  const vocabulary = readVocabulary(given.get('vocab'));
  const token = given.get('unk_token');
  const unknown = token.isThere ? vocabulary.get(token.text(limits.pieceLength)) : undefined;
  if (token.isThere && unknown === undefined) token.refuse('is not in the vocabulary');
  if (unknown !== undefined && given.get('fuse_unk').flag(false)) given.get('fuse_unk').refuse('is not understood');
  const merges = given.get('merges').items(limits.pieces).map(mergeOf);
  const ignoresMerges = given.get('ignore_merges').flag(false);
  return {
    pieces: bytePair({ vocabulary, merges, unknown, ignoresMerges }),
    largest: largestOf(vocabulary.values()),
  };
}

/** `"a b"`, and in files of newer versions `["a", "b"]`. */
function mergeOf(given: JsonValue): [string, string] {
  const parts = given.isText
    ? given.text(2 * limits.pieceLength).split(' ')
    : given.items(2).map((each) => each.text(limits.pieceLength));
  const [left, right, ...more] = parts;
  if (left === undefined || right === undefined || more.length > 0) return given.refuse('is no pair');
  return [left, right];
}

function readUnigram(given: JsonValue): ReadPieceModel {
  if (given.get('byte_fallback').flag(false)) given.get('byte_fallback').refuse('is not understood');
  const pieces = given
    .get('vocab')
    .items(limits.pieces)
    .map((each): [string, number] => {
      const [piece, score] = each.items(2);
      if (piece === undefined || score === undefined) return each.refuse('is no piece with its score');
      return [piece.text(limits.unigramLength), score.number()];
    });
  const unknown = given.get('unk_id').count(pieces.length - 1);
  return { pieces: unigram({ pieces, unknown }), largest: pieces.length - 1 };
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
