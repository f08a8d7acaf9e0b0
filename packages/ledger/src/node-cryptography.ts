import type { KeyObject } from 'node:crypto';
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Cryptography, SignatureAlgorithm } from './verify/cryptography.ts';

/** DER in front of a raw key in a SubjectPublicKeyInfo: RFC 8410, section 4 and RFC 9881, section 4. */
export const spkiPrefixes = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  'ml-dsa-44': Buffer.from('30820532300b0609608648016503040311038205' + '2100', 'hex'),
} as const;

// A ledger has a handful of keys; importing one costs as much as verifying with it.
const mostKeys = 64;
const keys = new Map<string, KeyObject>();

function importKey(algorithm: SignatureAlgorithm, publicKey: Uint8Array): KeyObject {
  const id = `${algorithm} ${Buffer.from(publicKey).toString('base64')}`;
  const known = keys.get(id);
  if (known !== undefined) return known;
  const der = algorithm === 'ecdsa-p256-sha256' ? publicKey : Buffer.concat([spkiPrefixes[algorithm], publicKey]);
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const isP256 = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (algorithm === 'ecdsa-p256-sha256' ? !isP256 : asymmetricKeyType !== algorithm) {
    throw new TypeError(`key is not of type ${algorithm}`);
  }
  const [oldest] = keys.keys();
  if (keys.size >= mostKeys && oldest !== undefined) keys.delete(oldest);
  keys.set(id, key);
  return key;
}

/** The verifier's cryptography on `node:crypto`. ML-DSA-44 needs Node 24.7 or newer. */
export const nodeCryptography: Cryptography = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  verify(algorithm, publicKey, message, signature) {
    try {
      const digest = algorithm === 'ecdsa-p256-sha256' ? 'sha256' : null;
      return verify(digest, message, importKey(algorithm, publicKey), signature);
    } catch {
      // A key that cannot be imported has signed nothing.
      return false;
    }
  },
};
