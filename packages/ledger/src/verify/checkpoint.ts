import { ed25519CosignedMessage, mlDsa44CosignedMessage, parseCosignature } from './cosignature.ts';
import type { Cryptography } from './cryptography.ts';
import { base64, fromBase64, fromDecimal, fromUtf8, utf8 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import type { TreeHead } from './merkle.ts';
import { hashLength } from './merkle.ts';
import type { SignedMessage, VerifiedSignature } from './note.ts';
import { parseNote, verifyNote } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';
import { parseVerifierKey, signatureTypes } from './verifier-key.ts';

/** The text of a checkpoint (C2SP tlog-checkpoint). */
export interface CheckpointBody extends TreeHead {
  /** Which log this is: its bare name. */
  readonly origin: string;
  /** Opaque lines behind the three that count; ML-DSA-44 cosignatures do not cover them. */
  readonly extensions?: readonly string[];
}

/** A checkpoint whose signatures verified. */
export interface VerifiedCheckpoint extends CheckpointBody {
  /** The whole signed note, byte for byte. */
  readonly text: string;
  /** Every trusted key that signed it. */
  readonly signatures: readonly VerifiedSignature[];
}

/** Whose checkpoint is accepted. */
export interface CheckpointTrust {
  readonly origin: string;
  /** Verifier keys (`name+key id+base64`) of the log and of its cosigners. One of the first has to have signed. */
  readonly verifierKeys: readonly string[];
  /** Every verifier key has to have signed. */
  readonly requireAll?: boolean;
}

const longestExtensions = 16;

/**
 * Origin, tree size and root hash, each with a newline: what a log signs.
 *
 * @throws LedgerError HF_LEDGER_CHECKPOINT_FORMAT when the parts could not be read back
 */
export function formatCheckpointBody(body: CheckpointBody): string {
  const lines = [body.origin, String(body.size), base64(body.rootHash), ...(body.extensions ?? [])];
  const text = `${lines.join('\n')}\n`;
  parseCheckpointBody(text);
  return text;
}

/**
 * Reads the text of a checkpoint note.
 *
 * @throws LedgerError HF_LEDGER_CHECKPOINT_FORMAT
 */
export function parseCheckpointBody(text: string): CheckpointBody {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.includes('')) throw malformed('it has an empty or unfinished line');
  const [origin, decimal = '', encoded = '', ...extensions] = lines;
  const size = fromDecimal(decimal);
  const rootHash = fromBase64(encoded);
  if (origin === undefined) throw malformed('it has no origin');
  if (size === undefined) throw malformed(`\`${decimal.slice(0, 40)}\` is no tree size`);
  if (rootHash?.length !== hashLength) throw malformed(`\`${encoded.slice(0, 60)}\` is no root hash`);
  if (extensions.length > longestExtensions) throw malformed(`it has more than ${longestExtensions} extension lines`);
  return extensions.length > 0 ? { origin, size, rootHash, extensions } : { origin, size, rootHash };
}

/**
 * Verifies a checkpoint: its origin is the expected one, every trusted key's signature on it is valid, and a key in
 * the name of the origin signed it (C2SP tlog-checkpoint: the key name matches the origin). So a cosigner alone
 * does not make a checkpoint.
 *
 * @throws LedgerError HF_LEDGER_NOTE_FORMAT, HF_LEDGER_CHECKPOINT_FORMAT, HF_LEDGER_COSIGNATURE_FORMAT,
 *   HF_LEDGER_KEY_FORMAT, HF_LEDGER_ORIGIN_MISMATCH, HF_LEDGER_SIGNATURE_INVALID, HF_LEDGER_SIGNATURE_MISSING
 */
export async function verifyCheckpoint(
  checkpoint: string | Uint8Array,
  trust: CheckpointTrust,
  cryptography: Cryptography,
): Promise<VerifiedCheckpoint> {
  const note = parseNote(checkpoint);
  const body = parseCheckpointBody(note.text);
  if (body.origin !== trust.origin) {
    const message = `the checkpoint is of \`${body.origin.slice(0, 80)}\`, not of \`${trust.origin}\``;
    throw new LedgerError('HF_LEDGER_ORIGIN_MISMATCH', message);
  }
  const keys = trust.verifierKeys.map((key) => parseVerifierKey(key, cryptography));
  const signatures = await verifyNote(note, keys, cryptography, messageOf(note.text, body));
  const required = trust.requireAll === true ? keys : [];
  const missing = required.find((key) => !signatures.some((signature) => sameKey(signature.key, key)));
  if (missing !== undefined) throw unsigned(`${missing.name}+${missing.keyId}`);
  if (!signatures.some(({ key }) => key.name === body.origin)) throw unsigned(body.origin);
  // Valid UTF-8 decodes to the same bytes again: parseNote has refused everything else.
  const text = typeof checkpoint === 'string' ? checkpoint : (fromUtf8(checkpoint) ?? '');
  return { ...body, text, signatures };
}

function messageOf(text: string, body: CheckpointBody): (key: VerifierKey, signature: Uint8Array) => SignedMessage {
  return (key, bytes) => {
    if (key.type === signatureTypes.ed25519) return { message: utf8(text), signature: bytes };
    const { timestamp, signature } = parseCosignature(bytes, key.type);
    const message =
      key.type === signatureTypes.ed25519Cosignature
        ? ed25519CosignedMessage(timestamp, text)
        : mlDsa44CosignedMessage(cosignedTree(key.name, timestamp, body));
    return { message, signature, timestamp };
  };
}

/** The whole tree of a checkpoint, as an ML-DSA-44 cosigner signs it: it starts at leaf 0. */
export function cosignedTree(cosignerName: string, timestamp: number, body: CheckpointBody) {
  return { cosignerName, timestamp, origin: body.origin, start: 0, end: body.size, hash: body.rootHash };
}

// The same key may be listed twice; the signature is then found under the first.
function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.name === b.name && a.keyId === b.keyId;
}

function unsigned(key: string): LedgerError {
  return new LedgerError('HF_LEDGER_SIGNATURE_MISSING', `the checkpoint is not signed by \`${key}\``);
}

function malformed(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_CHECKPOINT_FORMAT', `this is no checkpoint: ${why}`);
}
