import { byteLevelWords } from './byte-level.ts';
import { metaspaceWords } from './metaspace.ts';
import type { JsonValue } from './read-json.ts';
import { bertWords, punctuationWords, spacedWords, type WordCutter } from './words.ts';

/**
 * Reads a `pre_tokenizer`. Patterns of a file's own are refused: they would run on every text, in a time that nobody knows.
 * @throws InferenceError HF_INFERENCE_TOKENIZER
 */
export function readWords(given: JsonValue): WordCutter {
  if (!given.isThere) return (aligned) => (aligned.text === '' ? [] : [aligned]);
  const type = given.get('type').text(100);
  switch (type) {
    case 'BertPreTokenizer':
      return bertWords;
    case 'WhitespaceSplit':
      return spacedWords;
    case 'Punctuation':
      if (given.get('behavior').isThere && given.get('behavior').text(100) !== 'Isolated') break;
      return punctuationWords;
    case 'ByteLevel':
      return byteLevelWords({
        addPrefixSpace: given.get('add_prefix_space').flag(true),
        useRegex: given.get('use_regex').flag(true),
      });
    case 'Metaspace':
      return metaspace(given);
    case 'Sequence': {
      const steps = given.get('pretokenizers').items(8).map(readWords);
      return (aligned, isFirst) => steps.reduce((words, step) => cutAgain(words, step, isFirst), [aligned]);
    }
  }
  return given.get('type').refuse(`is \`${type}\` in a way that is not understood`);
}

function cutAgain(words: Parameters<WordCutter>[0][], step: WordCutter, isFirst: boolean): ReturnType<WordCutter> {
  return words.flatMap((word, index) => step(word, isFirst && index === 0 && word.starts[0] === 0));
}

function metaspace(given: JsonValue): WordCutter {
  const replacement = given.get('replacement').text(2);
  const scheme = given.get('prepend_scheme');
  // Files of older versions say it so.
  const older = given.get('add_prefix_space').flag(true) ? 'always' : 'never';
  const prepend = scheme.isThere ? scheme.text(100) : older;
  if (replacement.length !== 1) given.get('replacement').refuse('is not one character');
  if (prepend === 'always' || prepend === 'first' || prepend === 'never') {
    return metaspaceWords({ replacement, prepend, split: given.get('split').flag(true) });
  }
  return scheme.refuse(`is \`${prepend}\`, which is not understood`);
}
