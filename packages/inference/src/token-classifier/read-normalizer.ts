import { type AlignedText, AlignedWriter, eachCharacter, part } from './aligned-text.ts';
import { bertNormalized, lowered } from './bert-normalizer.ts';
import { classifierLimits as limits } from './limits.ts';
import { PrecompiledRules, precompiled } from './precompiled.ts';
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
    case 'Strip':
      return stripped(given.get('strip_left').flag(true), given.get('strip_right').flag(true));
    case 'Replace':
      return replace(given);
    case 'Precompiled':
      return sentencePiece(given.get('precompiled_charsmap'));
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

function stripped(left: boolean, right: boolean): Normalizer {
  const isSpace = (text: string, at: number): boolean => /^\p{White_Space}$/u.test(text.charAt(at));
  return (aligned) => {
    let [from, to] = [0, aligned.text.length];
    while (left && from < to && isSpace(aligned.text, from)) from += 1;
    while (right && to > from && isSpace(aligned.text, to - 1)) to -= 1;
    return part(aligned, from, to);
  };
}

/** One text for another, or for each run of spaces, which is the only pattern that files of SentencePiece have. */
function replace(given: JsonValue): Normalizer {
  const [pattern, content] = [given.get('pattern'), given.get('content').text(limits.pieceLength)];
  const isSpaces = pattern.get('Regex').isThere && pattern.get('Regex').text(100) === ' {2,}';
  if (isSpaces) return (aligned) => replaced(aligned, / {2,}/g, content);
  if (!pattern.get('String').isThere) pattern.refuse('is a pattern of its own, which is not run');
  const text = pattern.get('String').text(limits.pieceLength);
  if (text === '') pattern.refuse('is empty');
  return (aligned) => replaced(aligned, new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'g'), content);
}

function replaced(aligned: AlignedText, pattern: RegExp, content: string): AlignedText {
  const writer = new AlignedWriter();
  let done = 0;
  const keep = (to: number): void => {
    for (; done < to; done += 1) {
      writer.write(aligned.text.charAt(done), aligned.starts[done] ?? 0, aligned.ends[done] ?? 0);
    }
  };
  for (const { index, 0: found } of aligned.text.matchAll(pattern)) {
    keep(index);
    done = index + found.length;
    // The last of what is replaced keeps its place, as in `tokenizers`.
    writer.write(content, aligned.starts[done - 1] ?? 0, aligned.ends[done - 1] ?? 0);
  }
  keep(aligned.text.length);
  return writer.done();
}

function sentencePiece(given: JsonValue): Normalizer {
  if (!given.isThere) return (aligned) => aligned;
  const rules = PrecompiledRules.read(Buffer.from(given.text(2 ** 22), 'base64'));
  if (rules === undefined) return given.refuse('is no trie of SentencePiece');
  return (aligned) => precompiled(aligned, rules);
}
