import { type AlignedText, part } from './aligned-text.ts';

/** Cuts a text into words, each of which is cut into pieces by itself; what lies between them is left out. */
export type WordCutter = (aligned: AlignedText, isFirst: boolean) => AlignedText[];

/** White space divides words, and each punctuation mark is a word: `BertPreTokenizer`. */
export const bertWords: WordCutter = (aligned) =>
  matched(aligned, /[!-/:-@[-`{-~\p{P}]|[^\p{White_Space}\p{P}!-/:-@[-`{-~]+/gu);

/** White space divides words: `WhitespaceSplit`. */
export const spacedWords: WordCutter = (aligned) => matched(aligned, /\P{White_Space}+/gu);

/** Each punctuation mark is a word: `Punctuation`. */
export const punctuationWords: WordCutter = (aligned) =>
  matched(aligned, /[!-/:-@[-`{-~\p{P}]|[^\p{P}!-/:-@[-`{-~]+/gu);

/** Each match is a word. @param pattern without repetition within repetition: it runs in linear time */
export function matched(aligned: AlignedText, pattern: RegExp): AlignedText[] {
  const words: AlignedText[] = [];
  for (const { index, 0: found } of aligned.text.matchAll(pattern)) {
    words.push(part(aligned, index, index + found.length));
  }
  return words;
}
