import type { Cryptography, SignatureAlgorithm } from './cryptography.ts';
import { base64, concat, fromBase64, hex, utf8 } from './encoding.ts';
import { LedgerError } from './errors.ts';

/** The signature types that this package verifies (C2SP signed-note, "Signature types"). */
export const signatureTypes = {
  /** Ed25519 over the note text: how a log signs its checkpoints. */
  ed25519: 0x01,
  /** Timestamped Ed25519 cosignature. */
  ed25519Cosignature: 0x04,
  /** Timestamped ML-DSA-44 cosignature: post-quantum. */
  mlDsa44Cosignature: 0x06,
} as const;

/** One of the values of {@link signatureTypes}. */
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** A public key under a name, as a *vkey* carries it (C2SP signed-note, "Verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of {@link keyHash}, eight lower-case hexadecimal digits. */
  readonly keyId: string;
  readonly type: SignatureType;
  /** Raw: 32 bytes of Ed25519, or 1312 of ML-DSA-44. */
  readonly publicKey: Uint8Array;
}

const keyTypes: Readonly<Record<SignatureType, { algorithm: SignatureAlgorithm; length: number }>> = {
  [signatureTypes.ed25519]: { algorithm: 'ed25519', length: 32 },
  [signatureTypes.ed25519Cosignature]: { algorithm: 'ed25519', length: 32 },
  [signatureTypes.mlDsa44Cosignature]: { algorithm: 'ml-dsa-44', length: 1312 },
};
const longestVerifierKey = 4096;

/** The algorithm behind a signature type. */
export function algorithmOf(type: SignatureType): SignatureAlgorithm {
  return keyTypes[type].algorithm;
}

/** Whether a name may stand in a signature line: not empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name.length <= 255 && name.isWellFormed() && /^[^\p{White_Space}+\p{Cc}]+$/u.test(name);
}

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), C2SP signed-note, "Signatures". */
export function keyHash(
  name: string,
  type: SignatureType,
  publicKey: Uint8Array,
  cryptography: Cryptography,
): Uint8Array {
  return cryptography.sha256(concat(utf8(name), Uint8Array.of(0x0a, type), publicKey));
}

/** The key id of a signature line: the first four bytes of {@link keyHash} in hexadecimal. */
export function keyId(name: string, type: SignatureType, publicKey: Uint8Array, cryptography: Cryptography): string {
  return hex(keyHash(name, type, publicKey, cryptography).subarray(0, 4));
}

/**
 * The id of a log in a Sigstore bundle: SHA-256(origin ‖ 0x0A ‖ 0x01 ‖ key), 32 bytes: the key hash uncut.
 *
 * @param publicKey raw Ed25519 key of the log, 32 bytes
 */
export function logId(origin: string, publicKey: Uint8Array, cryptography: Cryptography): Uint8Array {
  return keyHash(origin, signatureTypes.ed25519, publicKey, cryptography);
}

/** `<name>+<key id>+<base64(type ‖ key)>`. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${base64(concat(Uint8Array.of(key.type), key.publicKey))}`;
}

/**
 * Reads a verifier key and checks that its key id belongs to its name and key.
 *
 * @throws LedgerError HF_LEDGER_KEY_FORMAT
 * @example
 * ```ts
 * import { nodeCryptography } from '@holdfast/ledger';
 * import { parseVerifierKey } from '@holdfast/ledger/verify/index';
 *
 * const text = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
 * parseVerifierKey(text, nodeCryptography).name; // "example.com/foo"
 * ```
 */
export function parseVerifierKey(text: string, cryptography: Cryptography): VerifierKey {
  if (text.length > longestVerifierKey) throw malformed('it is too long', `${text.slice(0, 40)}…`);
  const match = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text);
  const [, name = '', id = '', encoded = ''] = match ?? [];
  if (match === null || !isKeyName(name)) throw malformed('it is not `name+key id+base64`', text);
  const [type, ...key] = fromBase64(encoded) ?? [];
  if (!isSignatureType(type)) throw malformed('its base64 or its signature type is not understood', text);
  const publicKey = Uint8Array.from(key);
  if (publicKey.length !== keyTypes[type].length) throw malformed('its key has the wrong length', text);
  if (keyId(name, type, publicKey, cryptography) !== id) throw malformed('its key id is another', text);
  return { name, keyId: id, type, publicKey };
}

function isSignatureType(type: number | undefined): type is SignatureType {
  return type !== undefined && Object.values<number>(signatureTypes).includes(type);
}

function malformed(why: string, text: string): LedgerError {
  return new LedgerError('HF_LEDGER_KEY_FORMAT', `verifier key \`${text.slice(0, 120)}\` cannot be used: ${why}`);
}
