import { CellFailure } from './cell-failure.ts';

/** How dates are written: D and M take one or two digits. ISO dates may be followed by a time. */
export const dateFormats = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYYMMDD',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD.MM.YYYY',
  'DD-MM-YYYY',
  'D/M/YYYY',
  'M/D/YYYY',
  'D.M.YYYY',
] as const;
export type DateFormat = (typeof dateFormats)[number];

/** A day, and what stood behind it. */
export interface WrittenDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** The time, with what separates it; empty where there is none. */
  readonly time: string;
}

const tokens: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  DD: '(?<day>\\d{2})',
  M: '(?<month>\\d{1,2})',
  D: '(?<day>\\d{1,2})',
};
const time = '(?<time>[ T]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?: ?(?:Z|[+-]\\d{2}(?::?\\d{2})?))?)?';

const patterns = new Map<DateFormat, RegExp>(
  dateFormats.map((format) => {
    const day = format.replaceAll('.', '\\.').replace(/YYYY|MM|DD|M|D/g, (token) => tokens[token] ?? token);
    return [format, new RegExp(`^${day}${format === 'YYYY-MM-DD' ? time : '(?<time>)'}$`)];
  }),
);

/** The date that a text says, of the proleptic Gregorian calendar, years 1 to 9999. */
export function parseDate(text: string, format: DateFormat): WrittenDate | CellFailure {
  const parts = patterns.get(format)?.exec(text.trim())?.groups;
  if (parts === undefined) return new CellFailure('not-a-date');
  const [year, month, day] = [Number(parts['year']), Number(parts['month']), Number(parts['day'])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return new CellFailure('not-a-date');
  return { year, month, day, time: parts['time'] ?? '' };
}

/** The date as it is written in a format. */
export function dateText({ year, month, day, time: behind }: WrittenDate, format: DateFormat): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    YYYY: String(year).padStart(4, '0'),
    ...{ MM: two(month), DD: two(day), M: String(month), D: String(day) },
  };
  return format.replace(/YYYY|MM|DD|M|D/g, (token) => parts[token] ?? token) + behind;
}

/** Days since 1970-01-01. */
export function daysOf({ year, month, day }: Pick<WrittenDate, 'year' | 'month' | 'day'>): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** The day so many days later; undefined outside of the years 1 to 9999. */
export function laterBy(date: WrittenDate, days: number): WrittenDate | undefined {
  const moved = new Date((daysOf(date) + days) * 86_400_000);
  const year = moved.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  return { year, month: moved.getUTCMonth() + 1, day: moved.getUTCDate(), time: date.time };
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
