import type { CheckpointTrust, VerifiedCheckpoint } from './checkpoint.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import type { Cryptography } from './cryptography.ts';
import { base64, fromBase64, fromDecimal, fromUtf8 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { hashLength, verifyInclusion } from './merkle.ts';

/** An offline proof that an entry is logged (C2SP tlog-proof), not verified. */
export interface ProofFile {
  /** Zero-based index of the entry. */
  readonly index: number;
  /** Sibling hashes from the leaf upwards. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, byte for byte. */
  readonly checkpoint: string;
  /** Opaque, and authenticated by nothing: never trust it. */
  readonly extra?: Uint8Array;
}

const firstLine = 'c2sp.org/tlog-proof@v1';
const longestFile = 1024 * 1024;
const longestProof = 64;

/** The file behind a proof; its name should end in `.tlog-proof`. */
export function formatProofFile(file: ProofFile): string {
  const extra = file.extra === undefined ? '' : `extra ${base64(file.extra)}\n`;
  const hashes = file.proof.map((hash) => `${base64(hash)}\n`).join('');
  return `${firstLine}\n${extra}index ${file.index}\n${hashes}\n${file.checkpoint}`;
}

/**
 * Reads a tlog-proof.
 *
 * @throws LedgerError HF_LEDGER_PROOF_FORMAT
 */
export function parseProofFile(file: string | Uint8Array): ProofFile {
  if (file.length > longestFile) throw malformed(`it is longer than ${longestFile} bytes`);
  const whole = typeof file === 'string' ? file : fromUtf8(file);
  if (whole === undefined) throw malformed('it is not UTF-8');
  const split = whole.indexOf('\n\n');
  if (split < 0) throw malformed('it has no checkpoint');
  const lines = whole.slice(0, split).split('\n');
  if (lines.shift() !== firstLine) throw malformed(`it does not begin with \`${firstLine}\``);
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64(lines.shift()?.slice(6) ?? '') : null;
  const index = /^index (.*)$/.exec(lines.shift() ?? '')?.[1];
  const position = fromDecimal(index ?? '');
  if (extra === undefined || position === undefined) throw malformed('its extra or index line is not understood');
  if (lines.length > longestProof) throw malformed(`it has more than ${longestProof} hashes`);
  const parsed = { index: position, proof: lines.map(parseHash), checkpoint: whole.slice(split + 2) };
  return extra === null ? parsed : { ...parsed, extra };
}

function parseHash(line: string): Uint8Array {
  const hash = fromBase64(line);
  if (hash?.length !== hashLength) throw malformed(`\`${line.slice(0, 60)}\` is no hash`);
  return hash;
}

/**
 * Verifies a proof in the steps of C2SP tlog-proof, "Verifying a tlog proof": the checkpoint's origin and signatures,
 * then the inclusion of the leaf hash, which the caller computes from the entry that it expects.
 *
 * @returns the checkpoint that the proof leads to
 * @throws LedgerError HF_LEDGER_PROOF_FORMAT, HF_LEDGER_INCLUSION_INVALID, and all of `verifyCheckpoint`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { nodeCryptography } from '@holdfast/ledger';
 * import { leafHash, verifyProofFile } from '@holdfast/ledger/verify/index';
 *
 * export async function isLogged(entry: Uint8Array, verifierKeys: readonly string[]): Promise<number> {
 *   const expected = { leafHash: leafHash(entry, nodeCryptography), origin: 'credit-risk.example', verifierKeys };
 *   return (await verifyProofFile(await readFile('model.tlog-proof'), expected, nodeCryptography)).size;
 * }
 * ```
 */
export async function verifyProofFile(
  file: string | Uint8Array | ProofFile,
  expected: CheckpointTrust & { readonly leafHash: Uint8Array },
  cryptography: Cryptography,
): Promise<VerifiedCheckpoint> {
  const { index, proof, checkpoint } = isParsed(file) ? file : parseProofFile(file);
  const verified = await verifyCheckpoint(checkpoint, expected, cryptography);
  const { size, rootHash } = verified;
  verifyInclusion({ leafHash: expected.leafHash, index, size, proof, rootHash }, cryptography);
  return verified;
}

function isParsed(file: string | Uint8Array | ProofFile): file is ProofFile {
  return typeof file === 'object' && 'checkpoint' in file;
}

function malformed(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_PROOF_FORMAT', `this is no tlog-proof: ${why}`);
}
