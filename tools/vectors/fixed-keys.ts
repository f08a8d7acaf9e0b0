import { createECDH, createHash, createPrivateKey, type KeyObject } from 'node:crypto';

/** Keys that are the same each time, from nothing but a name. For vectors only: everybody has them. */
const seed = (name: string): Buffer => createHash('sha256').update(`holdfast vectors: ${name}`).digest();

/** PKCS#8 around a seed: RFC 8410 section 7 and RFC 9881 section 6. */
const headers = {
  ed25519: '302e020100300506032b657004220420',
  'ml-dsa-44': '3034020100300b060960864801650304031104228020',
} as const;

export function fixedKey(algorithm: 'ed25519' | 'ml-dsa-44', name: string): KeyObject {
  const key = Buffer.concat([Buffer.from(headers[algorithm], 'hex'), seed(name)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** The seed is the scalar: it is far below the order of P-256 as long as its first byte is not ff. */
export function fixedP256Key(name: string): KeyObject {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(seed(name));
  const point = ecdh.getPublicKey();
  const part = (from: number, to: number): string => point.subarray(from, to).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: seed(name).toString('base64url'), x: part(1, 33), y: part(33, 65) };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
