import { Unanswerable } from '../expectation-type.ts';

const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];
const monthNames = new Map(
  months.flatMap((name, index) => [name, name.slice(0, 3)].map((each) => [each, index + 1] as const)),
);
monthNames.set('sept', 9);
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const weekdayNames = new Set(weekdays.flatMap((name) => [name, name.slice(0, 3)]));
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Words that `dateutil.parser` knows besides: joints, hours and minutes, halves of a day, zones. */
const words = new Set([
  ...['at', 'on', 'and', 'ad', 'm', 't', 'of', 'st', 'nd', 'rd', 'th', 'h', 'hour', 'hours', 'minute', 'minutes'],
  ...['s', 'second', 'seconds', 'am', 'a', 'pm', 'p', 'utc', 'gmt', 'z'],
]);

const name = '([A-Za-z]{3,9})';
const weekday = `(?:${[...weekdayNames].map(capital).join('|')})`;
const clock = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?`;
const forms: readonly (readonly [RegExp, (...parts: readonly string[]) => boolean])[] = [
  // A later day is one in some months only, and the month is that of the clock.
  [/^(\d{1,2})$/, (date = '') => Number(date) >= 1 && Number(date) <= 28],
  [/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/, (year = '', _, month = '', date = '') => isDate(year, month, date)],
  [/^(\d{4})(\d{2})(\d{2})$/, (year = '', month = '', date = '') => isDate(year, month, date)],
  [/^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/, (one = '', _, other = '', year = '') => isEitherDate(one, other, year)],
  [new RegExp(`^${name}\\.? (\\d{1,2}),? (\\d{4})$`), (month = '', date = '', year = '') => isNamed(year, month, date)],
  [new RegExp(`^(\\d{1,2})[ -]${name}[ -](\\d{4})$`), (date = '', month = '', year = '') => isNamed(year, month, date)],
  [
    new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})[T ]${clock}(?:Z| ?[+-](\\d{2}):?(\\d{2}))?$`),
    (year = '', month = '', date = '', ...time) => isDate(year, month, date) && isClock(time),
  ],
  [
    new RegExp(`^${weekday}, (\\d{1,2}) ${name} (\\d{4}) ${clock}(?: (?:GMT|UTC|[+-](\\d{2})(\\d{2})))?$`),
    (date = '', month = '', year = '', ...time) => isNamed(year, month, date) && isClock(time),
  ],
  [
    new RegExp(`^${weekday} ${name} {1,2}(\\d{1,2}) ${clock} (\\d{4})$`),
    (month = '', date = '', ...rest) => isNamed(rest.at(-1) ?? '', month, date) && isClock(rest.slice(0, 3)),
  ],
  // Whatever the year, and it depends on that of the clock.
  [/^(\d{1,2})\/(\d{1,2})\/\d{2}$/, (one = '', other = '') => isEitherDate(one, other, '2001')],
  [new RegExp(`^${clock}$`), (...time) => isClock(time)],
  [
    new RegExp(`^${clock} ?[AaPp][Mm]$`),
    (hour = '', ...time) => Number(hour) >= 1 && Number(hour) <= 12 && isClock([hour, ...time]),
  ],
];

/**
 * Whether `dateutil.parser.parse` (2.9) reads a text as a date or a time, as far as that can be told: of the forms that are
 * written in earnest, and of texts with a word or a sign that it does not know.
 *
 * @throws Unanswerable for all others: its grammar takes a great deal
 */
export function isDateutilDate(text: string): boolean {
  for (const [form, holds] of forms) {
    const parts = form.exec(text);
    if (parts === null) continue;
    // What is no date in the form that it has may be one in another.
    if (holds(...parts.slice(1))) return true;
    if (hasPlainNumbers(text) || hasPlainName(text)) return false;
  }
  if (isSurelyNone(text)) return false;
  if (isOneName(text)) return true;
  throw new Unanswerable('there is no telling what dateutil makes of some value');
}

const isOneName = (text: string): boolean =>
  /^[A-Za-z]+$/.test(text) && (monthNames.has(text.toLowerCase()) || weekdayNames.has(text.toLowerCase()));

function isDate(year: string, month: string, date: string): boolean {
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(date));
  return Number(year) >= 1 && at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(date);
}

/** The month comes first unless it cannot. */
function isEitherDate(one: string, other: string, year: string): boolean {
  return Number(one) > 12 ? isDate(year, other, one) : isDate(year, one, other);
}

function isNamed(year: string, month: string, date: string): boolean {
  const number = monthNames.get(month.toLowerCase());
  return number !== undefined && isDate(year, String(number), date);
}

function isClock([hour = '', minute = '', second = '', zoneHour = '', zoneMinute = '']: readonly string[]): boolean {
  return (
    Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && Number(zoneHour) < 24 && Number(zoneMinute) < 60
  );
}

/** A date with a day that its month does not have, or a clock with a minute or second too many. */
function hasPlainNumbers(text: string): boolean {
  const date = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (date === null) return false;
  const [year, month, day, hour, minute, second] = date.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const isPlain = (year ?? 0) >= 1000 && (month ?? 0) >= 1 && (month ?? 0) <= 12 && (day ?? 0) >= 1 && (day ?? 0) <= 31;
  return (
    isPlain &&
    ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59 || !isDate(String(year), String(month), String(day)))
  );
}

/** A day that its month does not have, in a date with the name of a month or with slashes, and a year of four digits. */
function hasPlainName(text: string): boolean {
  const slashed = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4})$/.exec(text);
  const parts = slashed ?? /^(?:([A-Za-z]{3,9}) (\d{1,2}),?|(\d{1,2})[ -]([A-Za-z]{3,9}))[ -](\d{4})$/.exec(text);
  if (parts === null) return false;
  const isDay = (day = ''): boolean => Number(day) >= 1 && Number(day) <= 31;
  if (slashed !== null) return isDay(slashed[1]) && isDay(slashed[3]) && Number(slashed[4]) >= 1000;
  const [, before, first, last, behind, year] = parts;
  return monthNames.has((before ?? behind ?? '').toLowerCase()) && isDay(first ?? last) && Number(year) >= 1000;
}

/** Nothing is left out that a word or a sign that it does not know stands in; and where there is nothing, there is no date. */
function isSurelyNone(text: string): boolean {
  if (/^[\s,;./'-]*$/.test(text) && !text.includes('\0')) return true;
  if (/[_%@#$&*=<>?!"\\^`{}[\]|~]/.test(text)) return true;
  for (const { 0: word, index } of text.matchAll(/\p{L}+/gu)) {
    const known = word.toLowerCase();
    if (words.has(known) || monthNames.has(known) || weekdayNames.has(known)) continue;
    // Behind a time, a few capitals are the name of a zone.
    if (!(/^[A-Z]{1,5}$/.test(word) && /\p{N}/u.test(text.slice(0, index)))) return true;
  }
  return /^[A-Za-z]$/.test(text);
}
