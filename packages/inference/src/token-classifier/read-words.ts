import type { JsonValue } from './read-json.ts';
import { bertWords, type WordCutter } from './words.ts';

/**
 * Reads a `pre_tokenizer`.
 * @throws InferenceError HF_INFERENCE_TOKENIZER
 */
export function readWords(given: JsonValue): WordCutter {
  if (!given.isThere) return (aligned) => (aligned.text === '' ? [] : [aligned]);
  const type = given.get('type').text(100);
  if (type === 'BertPreTokenizer') return bertWords;
  return given.get('type').refuse(`is \`${type}\`, which is not understood`);
}
