import { unspaced } from './script.ts';

/** What a UTF-16 unit is to the search for words and their edges. */
export const kinds = { other: 1, lower: 2, upper: 3, letter: 4, mark: 5, number: 6 } as const;

const digitZero = 48;
const digitNine = 57;

function asciiKind(code: number): number {
  if (code >= digitZero && code <= digitNine) return kinds.number;
  if (code >= 65 && code <= 90) return kinds.upper;
  return code >= 97 && code <= 122 ? kinds.lower : kinds.other;
}

function kindOf(character: string): number {
  if (/\p{Ll}/u.test(character)) return kinds.lower;
  if (/\p{Lu}/u.test(character)) return kinds.upper;
  if (/\p{L}/u.test(character)) return kinds.letter;
  if (/\p{M}/u.test(character)) return kinds.mark;
  return /\p{N}/u.test(character) ? kinds.number : kinds.other;
}

/** Units of the basic plane, each asked for once; 0 is what nobody asked for yet. */
const known = new Uint8Array(0x1_0000);
for (let code = 0; code < 128; code++) known[code] = asciiKind(code);

/** The kind of a unit that is no half of a pair. */
export function kindOfUnit(code: number): number {
  const kind = known[code] as number;
  if (kind !== 0) return kind;
  const found = kindOf(String.fromCharCode(code));
  known[code] = found;
  return found;
}

/** The kind of a character beyond the basic plane. */
export function kindOfPair(high: number, low: number): number {
  return kindOf(String.fromCharCode(high, low));
}

/** A letter or digit of ASCII. */
export function isWordUnit(code: number): boolean {
  return code < 128 && (known[code] as number) !== kinds.other;
}

export function isDigit(code: number): boolean {
  return code >= digitZero && code <= digitNine;
}

export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** Whether two units are one character. */
export function isPair(high: number, low: number): boolean {
  return isHighSurrogate(high) && low >= 0xdc00 && low < 0xe000;
}

export function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

const isUnspaced = new RegExp(unspaced, 'u');

/** A letter or digit of a script that puts spaces between words; half of a surrogate pair counts as one. */
export function goesOnWith(code: number): boolean {
  if (code < 128) return (known[code] as number) !== kinds.other;
  if (isSurrogate(code)) return true;
  const kind = kindOfUnit(code);
  return kind !== kinds.other && kind !== kinds.mark && !isUnspaced.test(String.fromCharCode(code));
}
