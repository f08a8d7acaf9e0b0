import { FF1 } from '@noble/ciphers/ff1.js';

/** NIST SP 800-38G Rev. 1, section 5.2: the least number of values that may be encrypted among each other. */
export const leastDomain = 1_000_000;

/**
 * FF1 with AES: numerals of a radix become as many others.
 *
 * @param key 16, 24 or 32 bytes
 * @param tweak what belongs to the value and is no secret
 * @returns undefined where there are fewer than 1,000,000 values of the length
 */
export function ff1(
  way: 'encrypt' | 'decrypt',
  numerals: readonly number[],
  { radix, key, tweak }: { readonly radix: number; readonly key: Uint8Array; readonly tweak: Uint8Array },
): readonly number[] | undefined {
  if (numerals.length < 2 || radix ** numerals.length < leastDomain) return undefined;
  return FF1(radix, Uint8Array.from(key), Uint8Array.from(tweak))[way]([...numerals]);
}
