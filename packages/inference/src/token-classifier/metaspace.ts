import { type AlignedText, part } from './aligned-text.ts';
import { withBefore } from './byte-level.ts';
import type { WordCutter } from './words.ts';

/** The fields of `Metaspace` in a `tokenizer.json`. */
export interface MetaspaceFields {
  /** What stands for a space: `▁`. */
  readonly replacement: string;
  readonly prepend: 'always' | 'first' | 'never';
  /** Whether each space begins a word. */
  readonly split: boolean;
}

/** Spaces become a sign that belongs to the word behind it; one stands before the first word, too (SentencePiece): `Metaspace`. */
export function metaspaceWords({ replacement, prepend, split }: MetaspaceFields): WordCutter {
  return (aligned, isFirst) => {
    if (aligned.text === '') return [];
    const replaced = { ...aligned, text: aligned.text.replaceAll(' ', replacement) };
    const isBegun = prepend === 'never' || (prepend === 'first' && !isFirst) || replaced.text.startsWith(replacement);
    const begun = isBegun ? replaced : withBefore(replaced, replacement);
    return split ? beginningWith(begun, replacement) : [begun];
  };
}

function beginningWith(aligned: AlignedText, sign: string): AlignedText[] {
  const words: AlignedText[] = [];
  for (let from = 0; from < aligned.text.length; ) {
    const next = aligned.text.indexOf(sign, from + 1);
    const to = next === -1 ? aligned.text.length : next;
    words.push(part(aligned, from, to));
    from = to;
  }
  return words;
}
