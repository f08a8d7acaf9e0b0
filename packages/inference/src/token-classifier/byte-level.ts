import { type AlignedText, AlignedWriter } from './aligned-text.ts';
import { matched, type WordCutter } from './words.ts';

/** What a byte is written as: itself where it can be seen, else the next character from U+0100 on (GPT-2, `bytes_to_unicode`). */
const characterOf: readonly string[] = (() => {
  const isSeen = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isSeen(byte) ? byte : next++));
})();

/** What stands for a space. */
export const byteOfSpace = characterOf[0x20] ?? '';

/** The words of GPT-2: a space belongs to what follows it. The apostrophes of English are words. */
const pattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** The fields of `ByteLevel` in a `tokenizer.json`. */
export interface ByteLevelFields {
  readonly addPrefixSpace: boolean;
  readonly useRegex: boolean;
}

/** Words of bytes, each byte a character that can be seen: `ByteLevel`. */
export function byteLevelWords({ addPrefixSpace, useRegex }: ByteLevelFields): WordCutter {
  return (aligned) => {
    if (aligned.text === '') return [];
    const begun = addPrefixSpace && !aligned.text.startsWith(' ') ? withBefore(aligned, ' ') : aligned;
    return (useRegex ? matched(begun, pattern) : [begun]).map(asBytes);
  };
}

/** A sign before a text, that stands for nothing in the original: its place is that of the first character. */
export function withBefore({ text, starts, ends }: AlignedText, sign: string): AlignedText {
  const [first, behind] = [starts[0] ?? 0, ends[0] ?? 0];
  return {
    text: sign + text,
    starts: [...Array.from(sign, () => first), ...Array.from(starts)],
    ends: [...Array.from(sign, () => behind), ...Array.from(ends)],
  };
}

function asBytes({ text, starts, ends }: AlignedText): AlignedText {
  const writer = new AlignedWriter();
  let at = 0;
  for (const character of text) {
    const bytes = Array.from(Buffer.from(character), (byte) => characterOf[byte] ?? '');
    writer.write(bytes.join(''), starts[at] ?? 0, ends[at + character.length - 1] ?? 0);
    at += character.length;
  }
  return writer.done();
}
