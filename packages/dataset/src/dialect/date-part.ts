import type { DatePart } from './dialect.ts';

/** What engines call the parts of a date in `extract`; the day of the week is counted from Monday, 1. */
export const extracted: Readonly<Record<DatePart, string>> = {
  ...{ year: 'YEAR', quarter: 'QUARTER', month: 'MONTH', day: 'DAY' },
  ...{ dayOfWeek: 'ISODOW', dayOfYear: 'DOY', hour: 'HOUR', minute: 'MINUTE', second: 'SECOND' },
};

/** A part as `extract` gives it, with fractions of a second, as a whole number. */
export const datePart = (expression: string, part: DatePart, name: string, integer: string): string =>
  `CAST(floor(extract(${name} FROM ${expression})) AS ${integer})${part === 'dayOfWeek' ? ' - 1' : ''}`;
