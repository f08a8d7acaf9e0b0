import { base64, fromBase64, hex } from '@holdfast/ledger/verify/encoding';
import type { Cryptography } from '@holdfast/ledger/verify/index';
import { EvidenceError } from '../errors.ts';
import type { PublicKey } from '../keys.ts';
import type { SignatureAlgorithm } from './leaf.ts';

/** The SubjectPublicKeyInfo headers of the two kinds of key (RFC 5480 section 2, RFC 8410 section 4), and the length after them. */
const spkiForms: readonly { algorithm: SignatureAlgorithm; header: string; length: number }[] = [
  { algorithm: 'ecdsa-p256-sha256', header: '3059301306072a8648ce3d020106082a8648ce3d03010703420004', length: 91 },
  { algorithm: 'ed25519', header: '302a300506032b6570032100', length: 44 },
];

function encodePem(spki: Uint8Array): string {
  const lines = base64(spki).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
}

/** The id of a key: lower-case hex SHA-256 of its SPKI PEM, as OpenSSF Model Signing's key hint. */
export function keyIdOf(spki: Uint8Array, crypto: Cryptography): string {
  return hex(crypto.sha256(new TextEncoder().encode(encodePem(spki))));
}

/**
 * Reads a public key in SPKI PEM without Node: exactly the PEM that RFC 7468 tools write, nothing looser,
 * because the key id is the digest of that text.
 *
 * @throws EvidenceError HF_KEY_FORMAT
 */
export function readPublicKey(pem: string, crypto: Cryptography): PublicKey {
  const body = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]{1,400})\n-----END PUBLIC KEY-----\n$/.exec(pem)?.[1];
  const spki = body === undefined ? undefined : fromBase64(body.replaceAll('\n', ''));
  if (spki === undefined || encodePem(spki) !== pem) {
    throw new EvidenceError('HF_KEY_FORMAT', 'the public key is not SPKI in PEM');
  }
  const digits = hex(spki);
  const form = spkiForms.find(({ header, length }) => digits.startsWith(header) && spki.length === length);
  if (form === undefined) throw new EvidenceError('HF_KEY_FORMAT', 'the public key is neither P-256 nor Ed25519');
  return { id: keyIdOf(spki, crypto), algorithm: form.algorithm, spki, pem };
}
