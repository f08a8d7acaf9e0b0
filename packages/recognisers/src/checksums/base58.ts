import { createHash } from 'node:crypto';

const bitcoin = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The order in which the XRP Ledger has the same signs. */
export const rippleAlphabet = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/**
 * What a text in base 58 says before its checksum of four bytes (the first of SHA-256 twice), as Bitcoin has it.
 * @returns its bytes, or nothing where signs or checksum do not fit; a text of more than 120 signs is none
 */
export function base58Checked(text: string, alphabet = bitcoin): Uint8Array | undefined {
  if (text.length > 120) return undefined;
  const bytes: number[] = [];
  for (const sign of text) {
    let carry = alphabet.indexOf(sign);
    if (carry < 0) return undefined;
    for (const [index, byte] of bytes.entries()) {
      carry += byte * 58;
      bytes[index] = carry & 255;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 255);
  }
  for (let index = 0; index < text.length && text.charAt(index) === alphabet.charAt(0); index++) bytes.push(0);
  const whole = Uint8Array.from(bytes.reverse());
  const payload = whole.subarray(0, -4);
  const digest = createHash('sha256').update(createHash('sha256').update(payload).digest()).digest();
  return whole.length > 4 && digest.subarray(0, 4).equals(whole.subarray(-4)) ? payload : undefined;
}
