import { z } from 'zod';
import { expected, refused } from './wording.ts';

/** Bytes in each unit (IEC 80000-13 for the binary ones). */
const units = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;
const largest = 1024 * units.TiB;
const pattern = /^([1-9][0-9]{0,15})(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** Bytes of a text that matched the pattern. */
function bytes(text: string): number {
  const digits = /^[0-9]+/.exec(text)?.[0] ?? '';
  return Number(digits) * units[text.slice(digits.length) as keyof typeof units];
}

/**
 * A size: a whole number and a unit, more than zero, at most 1024 TiB. Parsed to bytes.
 * @example size.parse('4GiB') // 4_294_967_296
 */
export const size = z
  .string({ error: expected('a size such as `512MiB` or `4GiB`') })
  .regex(pattern, {
    error: refused('is not a size: a whole number and a unit of `B kB MB GB TB KiB MiB GiB TiB`, such as `4GiB`'),
    abort: true,
  })
  .refine((text) => bytes(text) <= largest, { error: refused('is more than 1024 TiB') })
  .transform(bytes);
