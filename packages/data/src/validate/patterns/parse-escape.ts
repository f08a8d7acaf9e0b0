import type { Cursor } from './cursor.ts';
import type { Category } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';

const simple: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 0x5c };
const hexadecimal = /^[0-9A-Fa-f]$/;
const octal = /^[0-7]$/;
const digit = /^[0-9]$/;
/** Digits after `\x`, `\u` and `\U`: exactly so many. */
const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** `\d`, `\D`, `\w`, `\W`, `\s` or `\S`. */
export function categoryOf(token: string, ascii: boolean): Category | undefined {
  const letter = token.slice(1);
  if (!/^[dDwWsS]$/.test(letter)) return undefined;
  const category = letter.toLowerCase() as Category['category'];
  return { category, negated: letter !== category, ascii };
}

function byNumber(cursor: Cursor, letter: string): number {
  const length = lengths[letter] ?? 0;
  const digits = cursor.takeWhile(hexadecimal, length);
  if (digits.length !== length) throw cursor.invalid(`incomplete escape \\${letter}${digits}`);
  const point = Number.parseInt(digits, 16);
  if (point > 0x10ffff) throw cursor.invalid(`bad escape \\${letter}${digits}`);
  return point;
}

function octalOf(cursor: Cursor, digits: string): number {
  const point = Number.parseInt(digits, 8);
  if (point > 0o377) throw cursor.invalid(`octal escape value \\${digits} outside of range 0-0o377`);
  return point;
}

/** The character that an escape stands for; undefined for what is none, such as `\1` or `\b`. */
function common(cursor: Cursor, token: string): number | undefined {
  const letter = token.slice(1);
  if (simple[letter] !== undefined) return simple[letter];
  if (lengths[letter] !== undefined) return byNumber(cursor, letter);
  if (letter === 'N') throw new Untranslatable('character-name', 'a character by its name, \\N{…}', cursor.at);
  return undefined;
}

function itself(cursor: Cursor, token: string): number {
  const letter = token.slice(1);
  if (/^[A-Za-z0-9]$/.test(letter)) throw cursor.invalid(`bad escape ${token}`);
  return letter.codePointAt(0) ?? 0;
}

/** An escape in a set. */
export function escapeInSet(cursor: Cursor, token: string): number {
  if (token === '\\b') return 8;
  const found = common(cursor, token);
  if (found !== undefined) return found;
  if (octal.test(token.slice(1))) return octalOf(cursor, token.slice(1) + cursor.takeWhile(octal, 2));
  return itself(cursor, token);
}

/** An escape outside of sets: a character, or the number of a group. */
export function escapeOutside(cursor: Cursor, token: string): { point: number } | { group: number } {
  const found = common(cursor, token);
  if (found !== undefined) return { point: found };
  const first = token.slice(1);
  if (first === '0') return { point: octalOf(cursor, first + cursor.takeWhile(octal, 2)) };
  if (!digit.test(first)) return { point: itself(cursor, token) };
  const second = cursor.takeWhile(digit, 1);
  if (octal.test(first) && octal.test(second) && octal.test(cursor.next)) {
    return { point: octalOf(cursor, first + second + cursor.take()) };
  }
  return { group: Number(first + second) };
}
