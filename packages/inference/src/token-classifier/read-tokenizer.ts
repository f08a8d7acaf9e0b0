import { AddedTokenFinder, readAddedTokens } from './added-tokens.ts';
import { byteOfSpace } from './byte-level.ts';
import { JsonValue } from './read-json.ts';
import { readNormalizer } from './read-normalizer.ts';
import { readPieceModel } from './read-piece-model.ts';
import { readWords } from './read-words.ts';
import { readSpecialTokens } from './special-tokens.ts';
import { Tokenizer } from './tokenizer.ts';

/**
 * Reads a `tokenizer.json` as Hugging Face's `tokenizers` writes it. What the file says about cutting short and filling up is not
 * asked: see `windows.ts`.
 * @throws InferenceError HF_INFERENCE_TOKENIZER if it is malformed, too large, or does what is not understood
 */
export function readTokenizer(bytes: Uint8Array): Tokenizer {
  const file = JsonValue.parse('HF_INFERENCE_TOKENIZER', 'tokenizer.json', bytes);
  const added = readAddedTokens(file.get('added_tokens'));
  const special = readSpecialTokens(file.get('post_processor'));
  const { pieces, largest } = readPieceModel(file.get('model'));
  const ids = [...added.map(({ id }) => id), ...special.before, ...special.behind];
  return new Tokenizer({
    added: new AddedTokenFinder(added.filter(({ isNormalised }) => !isNormalised)),
    addedNormalised: new AddedTokenFinder(added.filter(({ isNormalised }) => isNormalised)),
    normalise: readNormalizer(file.get('normalizer')),
    words: readWords(file.get('pre_tokenizer')),
    pieces,
    trimmed: special.trims === undefined ? undefined : { sign: byteOfSpace, ...special.trims },
    before: special.before,
    behind: special.behind,
    largest: ids.reduce((most, id) => Math.max(most, id), largest),
  });
}
