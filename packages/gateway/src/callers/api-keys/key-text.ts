import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^12 > 2^64, 62^43 > 2^256, 62^6 > 2^32. */
const idLength = 12;
const secretLength = 43;
const checksumLength = 6;
const idAt = 3;
const secretAt = idAt + idLength + 1;

/** Characters of every key. */
export const keyLength = secretAt + secretLength + checksumLength;

const pattern = /^hf_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/;

/** Base 62, most significant digit first, as many digits as are asked for. */
function base62(value: bigint, length: number): string {
  let text = '';
  let rest = value;
  for (let at = 0; at < length; at++) {
    text = (digits[Number(rest % 62n)] as string) + text;
    rest /= 62n;
  }
  return text;
}

const randomText = (bytes: number, length: number): string =>
  base62(BigInt(`0x${randomBytes(bytes).toString('hex')}`), length);

const checksumOf = (text: string): string => base62(BigInt(crc32(text)), checksumLength);

export const newKeyId = (): string => randomText(8, idLength);

/**
 * A new key: `hf_`, its id, `_`, a secret of 256 random bits, and CRC-32 of all before it; numbers in base 62. The checksum lets whoever
 * looks for leaked secrets tell a key from what only looks like one without asking anybody (GitHub's token formats, April 2021).
 */
export function newKeyText(id: string): string {
  const text = `hf_${id}_${randomText(32, secretLength)}`;
  return text + checksumOf(text);
}

/** Whether a text is a key that somebody can have been given: its form and its checksum. */
export function isKeyText(text: string): boolean {
  return pattern.test(text) && checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** The id in a text of a key's length; '' where it has not that form. Whether it is a key its digest says. */
export function keyIdOf(text: string): string {
  return text.length === keyLength && text.startsWith('hf_') && text.charCodeAt(secretAt - 1) === 95
    ? text.slice(idAt, idAt + idLength)
    : '';
}

/**
 * SHA-256 of a key, in lower-case hex: all that is kept of it. A slow hash would add nothing to a secret that is random and this long:
 * from 112 bits on, any approved one-way function will do (NIST SP 800-63B section 5.1.2.2).
 */
export const keyDigest = (text: string): string => hash('sha256', text, 'hex');
