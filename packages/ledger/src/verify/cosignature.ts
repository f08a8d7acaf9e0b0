import { concat, utf8 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import type { SignatureType } from './verifier-key.ts';
import { signatureTypes } from './verifier-key.ts';

/** A `timestamped_signature` (C2SP tlog-cosignature, "Format"). */
export interface TimestampedSignature {
  /** POSIX seconds; 0 where an ML-DSA cosigner makes no statement about time. */
  readonly timestamp: number;
  readonly signature: Uint8Array;
}

/** The subtree, or with `start` 0 the whole tree, that an ML-DSA-44 cosigner signs. */
export interface CosignedTree {
  readonly cosignerName: string;
  readonly timestamp: number;
  readonly origin: string;
  /** Index of the first leaf. */
  readonly start: number;
  /** Index behind the last leaf: the tree size when `start` is 0. */
  readonly end: number;
  readonly hash: Uint8Array;
}

const signatureLengths: Readonly<Partial<Record<SignatureType, number>>> = {
  [signatureTypes.ed25519Cosignature]: 64,
  [signatureTypes.mlDsa44Cosignature]: 2420,
};

/**
 * Reads a timestamped signature of type 0x04 (Ed25519) or 0x06 (ML-DSA-44). Timestamps above 2^53 are refused: the
 * specification lets a verifier refuse those in the future.
 *
 * @throws LedgerError HF_LEDGER_COSIGNATURE_FORMAT
 */
export function parseCosignature(bytes: Uint8Array, type: SignatureType): TimestampedSignature {
  const length = signatureLengths[type];
  if (length === undefined) throw malformed(`type ${type} has no timestamp`);
  if (bytes.length !== 8 + length) throw malformed(`it has ${bytes.length} bytes, not ${8 + length}`);
  const timestamp = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
  if (!Number.isSafeInteger(timestamp)) throw malformed('its timestamp is out of range');
  return { timestamp, signature: bytes.subarray(8) };
}

/** Timestamp and signature as a signature line carries them behind the key id. */
export function formatCosignature({ timestamp, signature }: TimestampedSignature): Uint8Array {
  return concat(uint64(timestamp), signature);
}

/** What an Ed25519 cosigner (type 0x04) signs: two lines, then the text of the note. */
export function ed25519CosignedMessage(timestamp: number, noteText: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timestamp}\n${noteText}`);
}

/**
 * What an ML-DSA-44 cosigner (type 0x06) signs: the binary `cosigned_message`.
 *
 * @throws LedgerError HF_LEDGER_COSIGNATURE_FORMAT when a name has not 1 to 255 bytes
 */
export function mlDsa44CosignedMessage(tree: CosignedTree): Uint8Array {
  return concat(
    utf8('subtree/v1\n\0'),
    shortString(tree.cosignerName),
    uint64(tree.timestamp),
    shortString(tree.origin),
    uint64(tree.start),
    uint64(tree.end),
    tree.hash,
  );
}

// `opaque name<1..2^8-1>` of the TLS presentation language (RFC 8446, section 3.4): one byte of length, then the bytes.
function shortString(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length < 1 || bytes.length > 255) throw malformed(`\`${text.slice(0, 80)}\` has not 1 to 255 bytes`);
  return concat(Uint8Array.of(bytes.length), bytes);
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function malformed(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_COSIGNATURE_FORMAT', `a cosignature cannot be used: ${why}`);
}
