import { DataError } from '../../errors.ts';

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();

/** Alphabets that have a name. */
const named: ReadonlyMap<string, string> = new Map([
  ['digits', digits],
  ['hexadecimal', `${digits}abcdef`],
  ['lower', lower],
  ['upper', upper],
  ['letters', lower + upper],
  ['lower-alphanumeric', digits + lower],
  ['upper-alphanumeric', digits + upper],
  ['alphanumeric', digits + lower + upper],
]);

/**
 * The characters that a name stands for, or that are written out, in their order.
 *
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function alphabetOf(given: string, column: string): readonly string[] {
  const characters = Array.from(named.get(given) ?? given);
  const refuse = (why: string): never => {
    throw new DataError('HF_DATA_MASK_PLAN', `the alphabet of \`${column}\` ${why}`, {
      fix: `name one of ${[...named.keys()].join(', ')}, or write 2 to 256 different characters`,
    });
  };
  if (characters.length < 2 || characters.length > 256) return refuse(`has ${characters.length} characters`);
  if (new Set(characters).size !== characters.length) return refuse('has a character twice');
  if (!named.has(given) && /^[a-z]+(?:-[a-z]+)?$/.test(given) && given.length < 16) return refuse('is not known');
  return characters;
}
