import type { Cryptography } from './cryptography.ts';
import { base64, concat, fromBase64, fromUtf8, hex, utf8 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import type { VerifierKey } from './verifier-key.ts';
import { algorithmOf, isKeyName, signatureTypes } from './verifier-key.ts';

/** One signature line of a note, not verified. */
export interface NoteSignature {
  readonly name: string;
  /** Eight lower-case hexadecimal digits. */
  readonly keyId: string;
  /** What follows the key id; its meaning depends on the type of the key. */
  readonly signature: Uint8Array;
}

/** A signed note (C2SP signed-note) that has been read and not verified. */
export interface SignedNote {
  /** The text that is signed, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** What a key has to have signed, and the bare signature over it. */
export interface SignedMessage {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** POSIX seconds that a cosignature states. */
  readonly timestamp?: number;
}

/** A signature that verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly timestamp?: number;
}

// C2SP signed-note, "Format": verifiers SHOULD bound a note and MUST accept 16 signatures. An ML-DSA line is 3.3 KB.
const longestNote = 512 * 1024;
const mostSignatures = 64;

/**
 * Reads a signed note: text, empty line, signature lines.
 *
 * @throws LedgerError HF_LEDGER_NOTE_FORMAT
 */
export function parseNote(note: string | Uint8Array): SignedNote {
  if (note.length > longestNote) throw malformed(`it is longer than ${longestNote} bytes`);
  const whole = typeof note === 'string' ? note : fromUtf8(note);
  if (whole?.isWellFormed() !== true) throw malformed('it is not UTF-8');
  // Below U+0020 only the newline (C2SP signed-note, "Format").
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw malformed('it holds a control character');
  // The text may hold empty lines itself: the last one separates it from the signatures.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) throw malformed('it has no signatures');
  const lines = whole.slice(split + 2).split('\n');
  lines.pop();
  if (lines.length === 0) throw malformed('it has no signatures');
  if (lines.length > mostSignatures) throw malformed(`it has more than ${mostSignatures} signatures`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  const bytes = fromBase64(encoded);
  if (dash !== '—' || !isKeyName(name) || rest.length > 0 || bytes === undefined || bytes.length < 5) {
    throw malformed(`\`${line.slice(0, 80)}\` is not a signature line`);
  }
  return { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** Joins a text, which ends in a newline, and its signature lines. */
export function formatNote(text: string, lines: readonly string[]): string {
  return `${text}\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** `— <name> base64(key id ‖ signature)`, without a newline. */
export function formatSignatureLine(key: Pick<VerifierKey, 'name' | 'keyId'>, signature: Uint8Array): string {
  const id = Uint8Array.from(key.keyId.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return `— ${key.name} ${base64(concat(id, signature))}`;
}

/**
 * Verifies the signatures of known keys; those of others are ignored. A single one that fails rejects the note
 * (C2SP signed-note, "Signatures"). Who has to have signed is for the caller to ask.
 *
 * @param messageOf what a key signs; by default the text, for Ed25519 keys
 * @returns one element for each key that signed
 * @throws LedgerError HF_LEDGER_SIGNATURE_INVALID when a known key's signature does not verify,
 *   HF_LEDGER_SIGNATURE_MISSING when no known key signed
 */
export async function verifyNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
  cryptography: Cryptography,
  messageOf: (key: VerifierKey, signature: Uint8Array) => SignedMessage = textOf(note),
): Promise<readonly VerifiedSignature[]> {
  const verified = new Map<VerifierKey, VerifiedSignature>();
  for (const { name, keyId, signature } of note.signatures) {
    const key = keys.find((known) => known.name === name && known.keyId === keyId);
    if (key === undefined) continue;
    const signed = messageOf(key, signature);
    if (!(await cryptography.verify(algorithmOf(key.type), key.publicKey, signed.message, signed.signature))) {
      throw new LedgerError('HF_LEDGER_SIGNATURE_INVALID', `the signature of \`${name}+${keyId}\` does not verify`);
    }
    const { timestamp } = signed;
    verified.set(key, timestamp === undefined ? { key } : { key, timestamp });
  }
  if (verified.size === 0) throw new LedgerError('HF_LEDGER_SIGNATURE_MISSING', 'no trusted key signed the note');
  return [...verified.values()];
}

function textOf(note: SignedNote): (key: VerifierKey, signature: Uint8Array) => SignedMessage {
  return (key, signature) => {
    if (key.type !== signatureTypes.ed25519) {
      throw new LedgerError('HF_LEDGER_KEY_FORMAT', `\`${key.name}\` cosigns checkpoints only, not other notes`);
    }
    return { message: utf8(note.text), signature };
  };
}

function malformed(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_NOTE_FORMAT', `this is no signed note: ${why}`);
}
