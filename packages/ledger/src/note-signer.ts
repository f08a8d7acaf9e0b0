import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign } from 'node:crypto';
import { LedgerError } from './errors.ts';
import { nodeCryptography } from './node-cryptography.ts';
import { cosignedTree, parseCheckpointBody } from './verify/checkpoint.ts';
import { formatCosignature, mlDsa44CosignedMessage } from './verify/cosignature.ts';
import { utf8 } from './verify/encoding.ts';
import { formatNote, formatSignatureLine } from './verify/note.ts';
import type { SignatureType, VerifierKey } from './verify/verifier-key.ts';
import { formatVerifierKey, isKeyName, keyId, signatureTypes } from './verify/verifier-key.ts';

/** Signs checkpoints under a name. */
export interface NoteSigner {
  readonly name: string;
  /** What others verify with: `name+key id+base64(type ‖ public key)`. */
  readonly verifierKey: string;
  readonly key: VerifierKey;
  /**
   * The signature over a note text that ends in a newline, without the key id.
   *
   * @param notBefore POSIX seconds of this signer's newest cosignature on the same log
   */
  sign(noteText: string, notBefore?: number): Uint8Array | Promise<Uint8Array>;
}

/** Steps of the clock up to this many seconds back are bridged by repeating the newest timestamp. */
const clockTolerance = 300;

/**
 * Signs as the log itself: Ed25519 over the note text, type 0x01.
 *
 * @param name the origin of the ledger
 * @throws LedgerError HF_LEDGER_SIGNER when the name or the key cannot be used
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { ed25519Signer } from '@holdfast/ledger';
 *
 * const signer = ed25519Signer('credit-risk.example', generateKeyPairSync('ed25519').privateKey);
 * signer.verifierKey; // "credit-risk.example+a1b2c3d4+Ab…"
 * ```
 */
export function ed25519Signer(name: string, privateKey: KeyObject): NoteSigner {
  const key = verifierKeyOf(name, signatureTypes.ed25519, privateKey, 'ed25519', 32);
  return {
    name,
    key,
    verifierKey: formatVerifierKey(key),
    sign: (noteText) => sign(null, utf8(noteText), privateKey),
  };
}

/**
 * Cosigns checkpoints with ML-DSA-44, type 0x06 (C2SP tlog-cosignature): one post-quantum signature protects
 * everything under the checkpoint.
 *
 * @param options.now POSIX seconds; the clock of this machine by default
 * @throws LedgerError HF_LEDGER_SIGNER; signing throws HF_LEDGER_CLOCK when the clock stands more than five minutes
 *   before the newest cosignature
 */
export function mlDsa44Cosigner(
  name: string,
  privateKey: KeyObject,
  options: { readonly now?: () => number } = {},
): NoteSigner {
  const key = verifierKeyOf(name, signatureTypes.mlDsa44Cosignature, privateKey, 'ml-dsa-44', 1312);
  const now = options.now ?? (() => Date.now() / 1000);
  return {
    name,
    key,
    verifierKey: formatVerifierKey(key),
    sign(noteText, notBefore = 0) {
      const timestamp = timestampAfter(notBefore, Math.floor(now()));
      const message = mlDsa44CosignedMessage(cosignedTree(name, timestamp, parseCheckpointBody(noteText)));
      return formatCosignature({ timestamp, signature: sign(null, message, privateKey) });
    },
  };
}

// A cosignature says "the largest tree as of this time": a later tree must not carry an earlier time.
function timestampAfter(notBefore: number, now: number): number {
  if (now + clockTolerance < notBefore) {
    const message = `the clock says ${isoTime(now)}, but the newest cosignature is of ${isoTime(notBefore)}`;
    throw new LedgerError('HF_LEDGER_CLOCK', message);
  }
  return Math.max(now, notBefore);
}

function isoTime(seconds: number): string {
  return new Date(Math.min(seconds, 8.64e12) * 1000).toISOString();
}

function verifierKeyOf(
  name: string,
  type: SignatureType,
  privateKey: KeyObject,
  keyType: 'ed25519' | 'ml-dsa-44',
  length: number,
): VerifierKey {
  if (!isKeyName(name)) throw new LedgerError('HF_LEDGER_SIGNER', `\`${name}\` cannot be the name of a signer`);
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== keyType) {
    throw new LedgerError('HF_LEDGER_SIGNER', `the signer \`${name}\` needs a private key of type ${keyType}`);
  }
  // The raw key is the end of its SubjectPublicKeyInfo (RFC 8410, section 4; RFC 9881, section 4).
  const publicKey = Uint8Array.from(
    createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-length),
  );
  return { name, type, publicKey, keyId: keyId(name, type, publicKey, nodeCryptography) };
}

/**
 * Signs a checkpoint body with every signer, in their order.
 *
 * @param notBefore newest timestamps by verifier key
 * @returns the whole signed note
 */
export async function signNote(
  noteText: string,
  signers: readonly NoteSigner[],
  notBefore: ReadonlyMap<string, number> = new Map(),
): Promise<string> {
  const lines: string[] = [];
  for (const signer of signers) {
    const signature = await signer.sign(noteText, notBefore.get(signer.verifierKey));
    lines.push(formatSignatureLine(signer.key, signature));
  }
  return formatNote(noteText, lines);
}
