import { crc32 } from 'node:zlib';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Whether the last six signs of a token are the CRC-32 of those between its prefix and them, in base 62 with leading zeros:
 * the format of GitHub and npm (github.blog, "Behind GitHub's new authentication token formats", 2021).
 */
export function hasTokenChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  let value = 0;
  for (const sign of body.slice(-6)) value = value * 62 + base62.indexOf(sign);
  return value === crc32(body.slice(0, -6));
}
