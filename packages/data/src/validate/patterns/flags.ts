import type { Cursor } from './cursor.ts';
import { Untranslatable } from './untranslatable.ts';

/** Python's flags as they hold at one place: A, I, M, S and X. */
export interface Flags {
  readonly ascii: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
}

export const noFlags: Flags = { ascii: false, ignoreCase: false, multiline: false, dotAll: false, verbose: false };
const letters = 'iLmsxatu';

function checkAdded(cursor: Cursor, letter: string, added: string): void {
  if (letter === 'L') throw cursor.invalid("bad inline flags: cannot use 'L' flag with a str pattern");
  if (letter === 't')
    throw new Untranslatable('flag', 'the flag `t` is known to some versions of Python only', cursor.at);
  if (/a/.test(added) && /u/.test(added)) {
    throw cursor.invalid("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
  }
}

const isLetter = (token: string): boolean => /^\p{L}$/u.test(token);
const isFlag = (token: string): boolean => token !== '' && letters.includes(token);

/** The flags after `(?` that are turned on: up to `)`, `-` or `:`, which is handed back. */
function added(cursor: Cursor, first: string): { added: string; ended: string } {
  let found = '';
  let letter = first;
  for (;;) {
    found += letter;
    checkAdded(cursor, letter, found);
    letter = cursor.take();
    if (letter === ')' || letter === '-' || letter === ':') return { added: found, ended: letter };
    if (!isFlag(letter)) throw cursor.invalid(isLetter(letter) ? 'unknown flag' : 'missing -, : or )');
  }
}

function removed(cursor: Cursor): string {
  let found = '';
  let letter = cursor.take();
  if (!isFlag(letter)) throw cursor.invalid(isLetter(letter) ? 'unknown flag' : 'missing flag');
  for (;;) {
    if ('auL'.includes(letter)) throw cursor.invalid("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    found += letter;
    letter = cursor.take();
    if (letter === ':') return found;
    if (!isFlag(letter)) throw cursor.invalid(isLetter(letter) ? 'unknown flag' : 'missing :');
  }
}

/** What the letters make of the flags around them. */
function changed(flags: Flags, on: string, off: string): Flags {
  const is = (letter: string, before: boolean): boolean => (before || on.includes(letter)) && !off.includes(letter);
  return {
    ascii: on.includes('a') || (flags.ascii && !on.includes('u')),
    ignoreCase: is('i', flags.ignoreCase),
    multiline: is('m', flags.multiline),
    dotAll: is('s', flags.dotAll),
    verbose: is('x', flags.verbose),
  };
}

/** Reads `i)`, `i:`, `i-s:` or `-s:`, after `(?`: for the whole pattern, or for the group that follows. */
export function readFlags(cursor: Cursor, first: string, flags: Flags): { flags: Flags; whole: boolean } {
  const { added: on, ended } = first === '-' ? { added: '', ended: '-' } : added(cursor, first);
  if (ended === ')') {
    if (on.includes('u') && flags.ascii) throw cursor.invalid('ASCII and UNICODE flags are incompatible');
    return { flags: changed(flags, on, ''), whole: true };
  }
  const off = ended === '-' ? removed(cursor) : '';
  if (Array.from(on).some((letter) => off.includes(letter))) {
    throw cursor.invalid('bad inline flags: flag turned on and off');
  }
  return { flags: changed(flags, on, off), whole: false };
}
