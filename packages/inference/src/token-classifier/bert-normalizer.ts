import { type AlignedText, eachCharacter } from './aligned-text.ts';

/** The fields of `BertNormalizer` in a `tokenizer.json`. */
export interface BertNormalizer {
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

/**
 * What BERT does to a text before it is cut, in the order of `tokenizers`: control characters are dropped and white space becomes
 * a space, a space stands on both sides of a Chinese character, accents are dropped, capitals become small.
 * Each character is changed by itself, so a capital sigma at the end of a word is small as in the middle: as `tokenizers` does.
 */
export function bertNormalized(aligned: AlignedText, rules: BertNormalizer): AlignedText {
  return eachCharacter(aligned, (character) => {
    // Nearly everything is this.
    if (/^[!-@[-~]$/.test(character)) return character;
    const clean = rules.cleanText ? cleaned(character) : character;
    const apart = rules.handleChineseChars && isChinese(clean.codePointAt(0) ?? 0) ? ` ${clean} ` : clean;
    const plain = rules.stripAccents ? withoutAccents(apart) : apart;
    return rules.lowercase ? lowered(plain) : plain;
  });
}

function cleaned(character: string): string {
  if (/^[\t\n\r]$/.test(character)) return ' ';
  if (/^[\u{FFFD}\p{Cc}\p{Cf}\p{Co}\p{Cs}]$/u.test(character)) return '';
  return /^\p{White_Space}$/u.test(character) ? ' ' : character;
}

/** Canonical decomposition without what is written over or under a letter (Mn). */
function withoutAccents(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
}

/** Small letters by the simple rules that need no neighbours. */
export function lowered(text: string): string {
  let small = '';
  for (const character of text) small += character.toLowerCase();
  return small;
}

/** CJK Unified Ideographs, their extensions A to E, and compatibility ideographs: the blocks that BERT names. */
const chinese: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

function isChinese(codePoint: number): boolean {
  return codePoint >= 0x3400 && chinese.some(([first, last]) => codePoint >= first && codePoint <= last);
}
