import { z } from 'zod';
import { expected, refused } from './wording.ts';

const second = 1000;
const day = 24 * 60 * 60 * second;
/** Milliseconds in each unit. A year is 365 days: ages are compared, calendars are not consulted. */
const units = { s: second, m: 60 * second, h: 60 * 60 * second, d: day, w: 7 * day, y: 365 * day } as const;
const longest = 100 * units.y;

/** Milliseconds of a text that matched the pattern. */
function milliseconds(text: string): number {
  return Number(text.slice(0, -1)) * units[text.slice(-1) as keyof typeof units];
}

/**
 * A duration: a whole number and one unit of `s m h d w y`, more than zero, at most 100 years.
 * Parsed to milliseconds; a year is 365 days.
 * @example duration.parse('30m') // 1_800_000
 */
export const duration = z
  .string({ error: expected('a duration such as `30m`, `12h`, `30d` or `2y`') })
  .regex(/^[1-9][0-9]{0,9}[smhdwy]$/, {
    error: refused('is not a duration: a whole number and a unit of `s m h d w y`, such as `30d`'),
    abort: true,
  })
  .refine((text) => milliseconds(text) <= longest, { error: refused('is more than 100 years') })
  .transform(milliseconds);
