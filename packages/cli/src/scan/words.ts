import type { Verdict } from '@holdfast/evidence/check';
import type { Style } from '../terminal.ts';

/** How a verdict looks: a colour, and a sign for those who see none. */
export const marks: Readonly<Record<Verdict, readonly [style: Style, sign: string]>> = {
  pass: ['green', '✓'],
  warn: ['yellow', '!'],
  unknown: ['yellow', '?'],
  fail: ['red', '✗'],
};

/** Worst first, as people want to hear it. */
export const worstFirst: readonly Verdict[] = ['fail', 'unknown', 'warn', 'pass'];

/** `97 MB`: decimal units, as file managers and hubs show them; three figures at most. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}

/** `0.4 s`, `3 min 20 s` */
export function timeText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 204`: an offset that can be read, and that no line breaks. */
export const offsetText = (offset: number): string => String(offset).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

/** A name from outside on one line: what would break it, or turn it around, is shown as a box. */
export const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
