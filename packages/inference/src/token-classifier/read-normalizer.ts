import type { AlignedText } from './aligned-text.ts';
import { eachCharacter } from './aligned-text.ts';
import { bertNormalized, lowered } from './bert-normalizer.ts';
import type { JsonValue } from './read-json.ts';

export type Normalizer = (aligned: AlignedText) => AlignedText;

/**
 * Reads a `normalizer`.
 * @throws InferenceError HF_INFERENCE_TOKENIZER
 */
export function readNormalizer(given: JsonValue): Normalizer {
  if (!given.isThere) return (aligned) => aligned;
  const type = given.get('type').text(100);
  switch (type) {
    case 'BertNormalizer':
      return bert(given);
    case 'Lowercase':
      return (aligned) => eachCharacter(aligned, lowered);
    case 'StripAccents':
      return (aligned) => eachCharacter(aligned, (character) => character.replace(/^\p{Mn}$/u, ''));
    case 'Sequence': {
      const steps = given.get('normalizers').items(16).map(readNormalizer);
      return (aligned) => steps.reduce((text, step) => step(text), aligned);
    }
    default:
      return given.get('type').refuse(`is \`${type}\`, which is not understood`);
  }
}

function bert(given: JsonValue): Normalizer {
  const lowercase = given.get('lowercase').flag(true);
  const rules = {
    cleanText: given.get('clean_text').flag(true),
    handleChineseChars: given.get('handle_chinese_chars').flag(true),
    stripAccents: given.get('strip_accents').flag(lowercase),
    lowercase,
  };
  return (aligned) => bertNormalized(aligned, rules);
}
