import type { Cryptography, LedgerReader } from '@holdfast/ledger';
import { equal, hex } from '@holdfast/ledger/verify/encoding';
import { leafHash, logId, signatureTypes } from '@holdfast/ledger/verify/index';
import type { EvidenceBundle } from './bundle.ts';
import { bindToEntry, type LedgerEntry } from './entry-binding.ts';
import { EvidenceError, type EvidenceErrorCode } from './errors.ts';
import { evidenceAs, type ReadEvidence, readEvidence } from './predicates/parse.ts';
import type { EvidenceSource } from './store.ts';
import type { Trust } from './trust.ts';
import { type VerifiedEvidence, verifyEvidence } from './verify/evidence.ts';
import { createTrustView, type TrustView } from './verify/trust-view.ts';

/** Something in the ledger that did not verify. */
export interface EvidenceProblem {
  readonly index: number;
  readonly id: string;
  readonly code: EvidenceErrorCode;
  readonly message: string;
}

/** A whole ledger with its evidence, verified. */
export interface EvidenceView {
  readonly origin: string;
  readonly size: number;
  readonly rootHash: Uint8Array;
  /** What counts, in ledger order. */
  readonly evidence: readonly ReadEvidence[];
  /** What is authentic but counts for nothing: an unknown signer, a signer without the role, an unknown content. */
  readonly ignored: readonly EvidenceProblem[];
  /** What was changed, is missing or contradicts the ledger. While there is any, nothing can be relied on. */
  readonly broken: readonly EvidenceProblem[];
  readonly trust: TrustView;
}

/** Codes that say "authentic, but of no weight here". Every other one means that bytes are not what they were. */
const weightless: ReadonlySet<EvidenceErrorCode> = new Set([
  'HF_SIGNER_UNKNOWN',
  'HF_SIGNER_ROLE',
  'HF_STATEMENT_FORMAT',
] as const);

/**
 * Reads and verifies every entry of a ledger in order, taking in key events as it goes.
 * An entry whose evidence is missing makes the whole view unreliable: it could be a withdrawal or a revocation.
 */
export async function verifyLedger(
  reader: LedgerReader,
  source: EvidenceSource,
  trusted: Trust,
  crypto: Cryptography,
): Promise<EvidenceView> {
  const trust = createTrustView(trusted, crypto);
  const evidence: ReadEvidence[] = [];
  const ignored: EvidenceProblem[] = [];
  const broken: EvidenceProblem[] = [];
  const roots = new Map<number, Promise<Uint8Array>>();
  const { origin, size, rootHash } = reader.checkpoint;
  let index = 0;
  for await (const body of reader.entries()) {
    const id = hex(leafHash(body, crypto));
    const logged = { origin, index, body };
    try {
      const bundle = await source.get(id).catch(asGap(index));
      bindToEntry(bundle, logged, trust, crypto);
      const verified = readEvidence(await verifyEvidence(await proven(bundle, logged, reader, crypto), trust, crypto));
      await followsHistory(verified, reader, roots);
      const event = evidenceAs('keyEvent', verified);
      if (event !== undefined) trust.apply(event);
      evidence.push(verified);
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      const { code, message } = error;
      (weightless.has(code) ? ignored : broken).push({ index, id, code, message });
    }
    index += 1;
  }
  return { origin, size, rootHash, evidence, ignored, broken, trust };
}

/**
 * A verified ledger as it was when it had `size` entries: what a decision of that time saw.
 *
 * @param rootHash the root of the first `size` entries
 */
export function viewAt(view: EvidenceView, size: number, rootHash: Uint8Array): EvidenceView {
  const before = <Piece extends { readonly index: number }>(pieces: readonly Piece[]): Piece[] =>
    pieces.filter(({ index }) => index < size);
  const { origin, trust } = view;
  return {
    origin,
    size,
    rootHash,
    evidence: before(view.evidence),
    ignored: before(view.ignored),
    broken: before(view.broken),
    trust: {
      ...trust,
      newestKeyEvent: (log, position = size) => trust.newestKeyEvent(log, Math.min(position, size)),
      signers: (log, position = size) => trust.signers(log, Math.min(position, size)),
    },
  };
}

function asGap(index: number): (error: unknown) => never {
  return (error) => {
    if (error instanceof EvidenceError && error.code === 'HF_EVIDENCE_NOT_FOUND') {
      throw new EvidenceError('HF_EVIDENCE_GAP', `the evidence of entry ${index} is missing`, { cause: error });
    }
    throw error;
  };
}

/**
 * A command that was killed between ledger and store leaves a bundle without its proof. The ledger has the proof: its
 * own entry was just read under the reader's checkpoint.
 */
async function proven(
  bundle: EvidenceBundle,
  { origin, index, body }: LedgerEntry,
  reader: LedgerReader,
  crypto: Cryptography,
): Promise<EvidenceBundle> {
  if (bundle.entry !== undefined) return bundle;
  const { size, rootHash, text, signatures } = reader.checkpoint;
  const log = signatures.find(({ key }) => key.name === origin && key.type === signatureTypes.ed25519);
  if (log === undefined) throw new EvidenceError('HF_NOT_LOGGED', `the bundle of entry ${index} has no proof`);
  const entry = {
    logId: logId(origin, log.key.publicKey, crypto),
    kind: 'hashedrekord/0.0.2',
    body,
    index,
    claimedIndex: index,
    treeSize: size,
    rootHash,
    hashes: await reader.proveInclusion(index),
    checkpoint: text,
  };
  return { envelope: bundle.envelope, entry };
}

/** The checkpoint in the bundle must be a prefix of the ledger as it is now. */
async function followsHistory(
  verified: VerifiedEvidence,
  reader: LedgerReader,
  roots: Map<number, Promise<Uint8Array>>,
): Promise<void> {
  const { size, rootHash } = verified.checkpoint;
  if (size > reader.checkpoint.size) {
    throw new EvidenceError(
      'HF_EVIDENCE_FORK',
      `entry ${verified.index} proves a ledger of ${size} entries; here are ${reader.checkpoint.size}`,
    );
  }
  const now = roots.get(size) ?? reader.rootAt(size);
  roots.set(size, now);
  if (!equal(await now, rootHash)) {
    throw new EvidenceError('HF_EVIDENCE_FORK', `entry ${verified.index} proves another history of ${size} entries`);
  }
}
