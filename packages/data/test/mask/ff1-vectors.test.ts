import { ff1 } from '@holdfast/data/mask/methods/ff1';
import { expect, test } from 'vitest';

// NIST, "FF1samples" (Cryptographic Algorithm Validation Program, examples of SP 800-38G).
const key = '2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94';
const tens = '39383736353433323130';
const elevens = '3737373770717273373737';
const samples = [
  [1, 16, 10, '', '0123456789', '2433477484'],
  [2, 16, 10, tens, '0123456789', '6124200773'],
  [3, 16, 36, elevens, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  [4, 24, 10, '', '0123456789', '2830668132'],
  [5, 24, 10, tens, '0123456789', '2496655549'],
  [6, 24, 36, elevens, '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
  [7, 32, 10, '', '0123456789', '6657667009'],
  [8, 32, 10, tens, '0123456789', '1001623463'],
  [9, 32, 36, elevens, '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
] as const;

const numeralsOf = (text: string): number[] => Array.from(text, (character) => Number.parseInt(character, 36));
const textOf = (numerals: readonly number[] | undefined): string =>
  (numerals ?? []).map((numeral) => numeral.toString(36)).join('');

test.each(samples)('sample %i of NIST, AES-%i bytes, radix %i', (_, bytes, radix, tweak, plain, cipher) => {
  const how = { radix, key: Buffer.from(key, 'hex').subarray(0, bytes), tweak: Buffer.from(tweak, 'hex') };
  expect(textOf(ff1('encrypt', numeralsOf(plain), how))).toBe(cipher);
  expect(textOf(ff1('decrypt', numeralsOf(cipher), how))).toBe(plain);
});

test.each([
  [10, 5, 6],
  [2, 19, 20],
  [26, 4, 5],
  [36, 3, 4],
  [256, 2, 3],
  [62, 3, 4],
])('of radix %i, %i numerals have fewer than a million values and are refused; %i are not', (radix, few, enough) => {
  const how = { radix, key: Buffer.from(key, 'hex'), tweak: new Uint8Array(0) };
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  expect(ff1('encrypt', zeros(few), how)).toBeUndefined();
  expect(ff1('decrypt', zeros(few), how)).toBeUndefined();
  expect(ff1('encrypt', zeros(enough), how)).toHaveLength(enough);
});
