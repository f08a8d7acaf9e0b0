import { Unanswerable } from '../expectation-type.ts';
import { fieldsToDate } from './strptime-date.ts';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];
const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));
const longestFirst = (names: readonly string[]): string => [...names].sort((a, b) => b.length - a.length).join('|');
const d = '\\p{Nd}';

/** Python 3.11, `_strptime.TimeRE`, in the locale C. */
const directives: Readonly<Record<string, string>> = {
  d: `3[0-1]|[1-2]${d}|0[1-9]|[1-9]| [1-9]`,
  f: '[0-9]{1,6}',
  H: `2[0-3]|[0-1]${d}|${d}`,
  I: '1[0-2]|0[1-9]|[1-9]',
  G: `${d}${d}${d}${d}`,
  j: `36[0-6]|3[0-5]${d}|[1-2]${d}${d}|0[1-9]${d}|00[1-9]|[1-9]${d}|0[1-9]|[1-9]`,
  m: '1[0-2]|0[1-9]|[1-9]',
  M: `[0-5]${d}|${d}`,
  S: `6[0-1]|[0-5]${d}|${d}`,
  U: `5[0-3]|[0-4]${d}|${d}`,
  W: `5[0-3]|[0-4]${d}|${d}`,
  w: '[0-6]',
  u: '[1-7]',
  V: `5[0-3]|0[1-9]|[1-4]${d}|${d}`,
  y: `${d}${d}`,
  Y: `${d}${d}${d}${d}`,
  z: `[+\\-]${d}${d}:?[0-5]${d}(?::?[0-5]${d}(?:\\.${d}{1,6})?)?|(?-i:Z)`,
  A: longestFirst(weekdays),
  a: longestFirst(short(weekdays)),
  B: longestFirst(months),
  b: longestFirst(short(months)),
  p: 'am|pm',
};
const compound: Readonly<Record<string, string>> = { c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S' };

/** `\\s` of Python. */
const blank = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const isBlank = new RegExp(`^${blank}`, 'u');
const tokens = new RegExp(`%.|${blank}+|.`, 'gsu');

/** A format of `datetime.strptime`. */
export interface StrptimeFormat {
  /** Whether Python reads it as a date, or time. @throws Unanswerable where its Unicode would matter */
  reads(text: string): boolean;
}

/** @throws Unanswerable for a format that Python refuses, or whose meaning depends on the machine */
export function strptimeFormat(format: string): StrptimeFormat {
  if (format.length > 1000) throw new Unanswerable('the format has more than 1000 characters');
  const used = new Set<string>();
  const source = sourceOf(
    format.replaceAll(/%(.)/gsu, (whole, letter: string) => compound[letter] ?? whole),
    used,
  );
  requireIsoPairs(used);
  const pattern = new RegExp(source, 'iuy');
  return {
    reads(text) {
      pattern.lastIndex = 0;
      const match = pattern.exec(text);
      if (/[ıİſ\u{212a}]/u.test(text))
        throw new Unanswerable('a value has a letter whose case differs between engines');
      if (match === null || pattern.lastIndex !== text.length) return false;
      if (/(?!\d)\p{Nd}/u.test(match[0])) throw new Unanswerable('a value has digits of another script');
      return fieldsToDate(match.groups ?? {}, { weekdays, months });
    },
  };
}

function sourceOf(format: string, used: Set<string>): string {
  let found = '';
  for (const [token] of format.matchAll(tokens)) {
    const letter = token.slice(1);
    if (token === '%%') found += '%';
    else if (token.startsWith('%')) {
      const directive = directives[letter];
      if (directive === undefined || !Object.hasOwn(directives, letter))
        throw new Unanswerable(`the directive \`${token}\` is not understood`);
      if (used.has(letter)) throw new Unanswerable(`the directive \`${token}\` is there twice`);
      used.add(letter);
      found += `(?<${letter}>${directive})`;
    } else found += isBlank.test(token) ? `${blank}+` : token.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return found;
}

/** Python refuses values where these are alone. */
function requireIsoPairs(used: ReadonlySet<string>): void {
  const hasWeekday = ['A', 'a', 'w', 'u'].some((letter) => used.has(letter));
  const hasYear = used.has('Y') || used.has('y');
  const isFine = used.has('G')
    ? hasYear || (used.has('V') && hasWeekday && !used.has('j'))
    : !used.has('V') || used.has('U') || used.has('W');
  if (!isFine || (used.has('G') && hasYear && used.has('V')))
    throw new Unanswerable('its format has ISO years, weeks and weekdays that do not belong together');
}
