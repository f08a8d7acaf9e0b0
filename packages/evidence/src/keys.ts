import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { EvidenceError } from './errors.ts';
import type { SignatureAlgorithm } from './verify/leaf.ts';

/** A public key that signs evidence. */
export interface PublicKey {
  /** Lower-case hex SHA-256 of the SPKI PEM, as OpenSSF Model Signing's key hint. */
  readonly id: string;
  readonly algorithm: SignatureAlgorithm;
  /** SPKI in DER. */
  readonly spki: Uint8Array;
  /** SPKI in PEM, with a final newline. */
  readonly pem: string;
}

/** Signs bytes with one private key. Remote keys (KMS, PKCS#11) implement it too, so `sign` is asynchronous. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** P-256: ECDSA with SHA-256, DER encoded. Ed25519: RFC 8032 over the message itself. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export type KeyAlgorithm = 'p256' | 'ed25519';

/** Makes a private key. P-256 is the default because every Sigstore verifier accepts it. */
export function generatePrivateKey(algorithm: KeyAlgorithm = 'p256'): KeyObject {
  if (algorithm === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

function algorithmOf(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return 'ecdsa-p256-sha256';
  }
  throw new EvidenceError('HF_KEY_FORMAT', `\`${key.asymmetricKeyType ?? 'unknown'}\` keys are not supported`);
}

export function publicKeyOf(key: KeyObject): PublicKey {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    id: createHash('sha256').update(pem).digest('hex'),
    algorithm: algorithmOf(publicKey),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    pem,
  };
}

/** Reads a public key in SPKI PEM. @throws EvidenceError HF_KEY_FORMAT */
export function parsePublicKey(pem: string): PublicKey {
  if (pem.length > 8192) throw new EvidenceError('HF_KEY_FORMAT', 'the public key is longer than 8 KiB');
  try {
    return publicKeyOf(createPublicKey(pem));
  } catch (cause) {
    if (cause instanceof EvidenceError) throw cause;
    throw new EvidenceError('HF_KEY_FORMAT', 'the public key is not SPKI in PEM', { cause });
  }
}

/**
 * Reads a private key in PKCS#8 PEM, encrypted or not.
 *
 * @throws EvidenceError HF_KEY_PASSPHRASE, HF_KEY_FORMAT
 */
export function parsePrivateKey(pem: string, passphrase?: string): KeyObject {
  const encrypted = pem.includes('ENCRYPTED');
  if (encrypted && passphrase === undefined) {
    throw new EvidenceError('HF_KEY_PASSPHRASE', 'the private key is encrypted and no passphrase was given');
  }
  try {
    const key = createPrivateKey({ key: pem, ...(encrypted ? { passphrase } : {}) });
    algorithmOf(key);
    return key;
  } catch (cause) {
    if (cause instanceof EvidenceError) throw cause;
    if (encrypted) throw new EvidenceError('HF_KEY_PASSPHRASE', 'the passphrase does not open the key', { cause });
    throw new EvidenceError('HF_KEY_FORMAT', 'the private key is not PKCS#8 in PEM', { cause });
  }
}

/** PKCS#8 in PEM; with a passphrase PBES2 with PBKDF2 and AES-256-CBC, which OpenSSL reads everywhere. */
export function encodePrivateKey(key: KeyObject, passphrase?: string): string {
  const protection = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return key.export({ type: 'pkcs8', format: 'pem', ...protection }).toString();
}

/**
 * Signs with a private key held in memory.
 *
 * @example
 * ```ts
 * import { generatePrivateKey, keySigner } from '@holdfast/evidence';
 * const signer = keySigner(generatePrivateKey());
 * const signature = await signer.sign(new TextEncoder().encode('bytes'));
 * console.assert(signature.length >= 64);
 * ```
 */
export function keySigner(key: KeyObject): Signer {
  const publicKey = publicKeyOf(key);
  const digest = publicKey.algorithm === 'ed25519' ? null : 'sha256';
  return { publicKey, sign: (message) => Promise.resolve(sign(digest, message, key)) };
}
