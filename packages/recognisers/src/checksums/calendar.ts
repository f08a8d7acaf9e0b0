import { numberAt } from './digits.ts';

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day in the Gregorian calendar. */
export function isDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && isLeap ? 29 : days[month - 1];
  return last !== undefined && day >= 1 && day <= last;
}

/** Whether there is such a day in one of the two centuries that people alive were born in. */
export function isDayOfEither(shortYear: number, month: number, day: number): boolean {
  return isDay(1900 + shortYear, month, day) || isDay(2000 + shortYear, month, day);
}

/** Whether YYMMDD stands at `at`. */
export function isYearMonthDay(text: string, at = 0): boolean {
  return isDayOfEither(numberAt(text, at, at + 2), numberAt(text, at + 2, at + 4), numberAt(text, at + 4, at + 6));
}

/** Whether DDMMYY stands at `at`. */
export function isDayMonthYear(text: string, at = 0): boolean {
  return isDayOfEither(numberAt(text, at + 4, at + 6), numberAt(text, at + 2, at + 4), numberAt(text, at, at + 2));
}
