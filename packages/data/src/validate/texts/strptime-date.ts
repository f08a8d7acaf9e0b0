/** What the directives of a format read, by their letters. */
export type Fields = Readonly<Record<string, string | undefined>>;

interface Names {
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
}

const day = 86_400_000;

/** Days since 1970-01-01; undefined where there is no such date. */
function dayOf(year: number, month: number, date: number): number | undefined {
  if (year < 1 || year > 9999) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? at.getTime() / day : undefined;
}

/** Monday is 0. */
const weekdayOf = (days: number): number => (((days + 3) % 7) + 7) % 7;

/** Whether the fields are a date and a time that Python has. */
export function fieldsToDate(fields: Fields, names: Names): boolean {
  const number = (letter: string): number | undefined =>
    fields[letter] === undefined ? undefined : Number(fields[letter]);
  if ((number('S') ?? 0) > 59 || !isOffset(fields['z'])) return false;
  const [full, two] = [number('Y'), number('y')];
  const year = lastOf(fields, ['Y', 'y']) === 'y' && two !== undefined ? two + (two <= 68 ? 2000 : 1900) : full;
  const weekday = weekdayIn(fields, names);
  const julian = number('j');
  const week = number('U') ?? number('W');
  if (julian === undefined && weekday !== undefined && week !== undefined)
    return fromWeek(year ?? 1900, week, weekday, fields['U'] === undefined);
  if (julian === undefined && weekday !== undefined && number('G') !== undefined && number('V') !== undefined)
    return fromIsoWeek(number('G') ?? 0, number('V') ?? 0, weekday);
  if (julian !== undefined) return fits(dayOf(year ?? 1900, 1, 1), julian);
  const month = monthIn(fields, names) ?? number('m') ?? 1;
  return dayOf(year ?? 1900, month, number('d') ?? 1) !== undefined;
}

/** Of two directives for the same thing Python lets the last one win. */
function lastOf(fields: Fields, letters: readonly string[]): string | undefined {
  return Object.keys(fields).findLast((letter) => letters.includes(letter));
}

function monthIn(fields: Fields, { months }: Names): number | undefined {
  const letter = lastOf(fields, ['m', 'B', 'b']);
  const name = letter === 'm' || letter === undefined ? undefined : fields[letter]?.toLowerCase();
  return name === undefined ? undefined : months.findIndex((month) => month.slice(0, name.length) === name) + 1;
}

function weekdayIn(fields: Fields, { weekdays }: Names): number | undefined {
  const letter = lastOf(fields, ['A', 'a', 'w', 'u']);
  const text = letter === undefined ? undefined : fields[letter]?.toLowerCase();
  if (text === undefined) return undefined;
  if (letter === 'w') return (Number(text) + 6) % 7;
  return letter === 'u' ? Number(text) - 1 : weekdays.findIndex((name) => name.slice(0, text.length) === text);
}

/** `+01:0030` mixes forms, and an offset of a day or more is none. */
function isOffset(text: string | undefined): boolean {
  if (text === undefined || text === 'Z' || text === 'z') return true;
  const [, hours = '', first = '', , second, seconds] = /^[+-](\d\d)(:?)(\d\d)(?:(:?)(\d\d))?/.exec(text) ?? [];
  if (seconds !== undefined && first !== second) return false;
  return Number(hours) < 24;
}

function fromWeek(year: number, week: number, monday: number, startsMonday: boolean): boolean {
  const start = dayOf(year, 1, 1);
  if (start === undefined) return false;
  const shift = startsMonday ? 0 : 1;
  const first = (weekdayOf(start) + shift) % 7;
  const weekday = (monday + shift) % 7;
  const ordinal = week === 0 ? 1 + weekday - first : 1 + ((7 - first) % 7) + 7 * (week - 1) + weekday;
  return fits(start, ordinal);
}

/** Python 3.11 counts weeks on beyond the end of the year. */
function fromIsoWeek(year: number, week: number, weekday: number): boolean {
  const fourth = dayOf(year, 1, 4);
  const start = dayOf(year, 1, 1);
  if (fourth === undefined || start === undefined) return false;
  return fits(start, week * 7 + weekday + 1 - (weekdayOf(fourth) + 1 + 3));
}

function fits(start: number | undefined, ordinal: number): boolean {
  if (start === undefined) return false;
  const [least, greatest] = [dayOf(1, 1, 1), dayOf(9999, 12, 31)];
  const at = start + ordinal - 1;
  return least !== undefined && greatest !== undefined && at >= least && at <= greatest;
}
