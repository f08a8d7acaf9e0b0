import { equal, hex } from '@holdfast/ledger/verify/encoding';
import type { Cryptography } from '@holdfast/ledger/verify/index';
import { leafHash, verifyInclusion } from '@holdfast/ledger/verify/index';
import { EvidenceError } from '../errors.ts';
import type { PublicKey } from '../keys.ts';
import { type Role, rolesFor } from '../roles.ts';
import type { Statement } from '../statement.ts';
import { leafBody } from './leaf.ts';
import { preAuthenticationEncoding } from './pae.ts';
import { parseStatement } from './statement.ts';
import type { Checkpoint, TrustView } from './trust-view.ts';

export interface SignedEnvelope {
  readonly payloadType: string;
  /** The bytes as they came; they are never written again. */
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Key hint of the signer. */
  readonly keyId: string;
}

/** A ledger entry with its inclusion proof, as a Sigstore bundle carries it. */
export interface LogEntry {
  readonly logId: Uint8Array;
  /** `hashedrekord/0.0.2` */
  readonly kind: string;
  readonly body: Uint8Array;
  readonly index: number;
  readonly claimedIndex: number;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: string;
}

/** Evidence after every check: who signed what, in which role, where in which ledger. */
export interface VerifiedEvidence<Predicate = unknown> {
  /** Lower-case hex of the ledger's leaf hash: the name of this evidence. */
  readonly id: string;
  readonly statement: Statement<Predicate>;
  readonly signer: PublicKey;
  readonly signerName: string;
  readonly role: Role;
  readonly origin: string;
  readonly index: number;
  /** The checkpoint that the proof leads to. */
  readonly checkpoint: Checkpoint;
}

interface Bundle {
  readonly envelope: SignedEnvelope;
  readonly entry: LogEntry | undefined;
}

/**
 * Verifies one piece of evidence against a trust view, in the protocol's order:
 * envelope, signature, the signer's role then, the leaf is this bundle's, inclusion, checkpoint.
 *
 * @throws EvidenceError with the reason of the first step that fails; nothing is ever partly accepted.
 */
export async function verifyEvidence(
  bundle: Bundle,
  trust: TrustView,
  crypto: Cryptography,
): Promise<VerifiedEvidence> {
  const { envelope, entry } = bundle;
  const statement = parseStatement(envelope.payloadType, envelope.payload);
  const signer = trust.publicKey(envelope.keyId);
  await verifySignature(envelope, signer, crypto, trust.nameOf(signer.id));
  if (entry === undefined) throw new EvidenceError('HF_NOT_LOGGED', 'the evidence has no ledger entry');
  const log = trust.ledgerById(entry.logId);
  const role = roleThen(statement, signer.id, log.origin, entry.index, trust);
  const leaf = matchLeaf(entry, envelope, signer, crypto);
  const checkpoint = await log.openCheckpoint(entry.checkpoint);
  verifyInclusionOf(entry, leaf, checkpoint, crypto);
  return {
    id: hex(leaf),
    statement,
    signer,
    signerName: trust.nameOf(signer.id),
    role,
    origin: log.origin,
    index: entry.index,
    checkpoint,
  };
}

/**
 * Verifies that the DSSE signature is by this key, and that the envelope says so.
 *
 * @param name of the key, for the message
 * @throws EvidenceError HF_SIGNATURE_INVALID
 */
export async function verifySignature(
  envelope: SignedEnvelope,
  key: PublicKey,
  crypto: Cryptography,
  name = `${key.id.slice(0, 16)}…`,
): Promise<void> {
  const message = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const valid = await crypto.verify(key.algorithm, signatureKey(key), message, envelope.signature);
  if (valid && envelope.keyId === key.id) return;
  throw new EvidenceError('HF_SIGNATURE_INVALID', `the signature by \`${name}\` does not verify`);
}

/** Ed25519's raw key is the last 32 bytes of its SPKI (RFC 8410 section 4); P-256 is passed as SPKI. */
function signatureKey(key: PublicKey): Uint8Array {
  return key.algorithm === 'ed25519' ? key.spki.subarray(-32) : key.spki;
}

function roleThen(statement: Statement, keyId: string, origin: string, index: number, trust: TrustView): Role {
  const wanted = rolesFor[statement.predicateType] ?? [];
  const held = trust.rolesAt(keyId, origin, index);
  const role = wanted.find((candidate) => held.has(candidate));
  if (role !== undefined) return role;
  const needs =
    wanted.length === 0 ? `\`${statement.predicateType}\` counts in no role` : `it needs ${wanted.join(' or ')}`;
  throw new EvidenceError(
    'HF_SIGNER_ROLE',
    `\`${trust.nameOf(keyId)}\` had no fitting role at entry ${index}: ${needs}`,
  );
}

/** The entry must be about this very envelope: same bytes, same signature, same key. Returns its leaf hash. */
function matchLeaf(entry: LogEntry, envelope: SignedEnvelope, signer: PublicKey, crypto: Cryptography): Uint8Array {
  const expected = leafBody({
    digest: crypto.sha256(preAuthenticationEncoding(envelope.payloadType, envelope.payload)),
    signature: envelope.signature,
    algorithm: signer.algorithm,
    publicKey: signer.spki,
  });
  if (entry.kind !== 'hashedrekord/0.0.2' || !equal(expected, entry.body)) {
    throw new EvidenceError('HF_LEAF_MISMATCH', `entry ${entry.index} is not about this envelope`);
  }
  return leafHash(entry.body, crypto);
}

function verifyInclusionOf(entry: LogEntry, leaf: Uint8Array, checkpoint: Checkpoint, crypto: Cryptography): void {
  const { index, claimedIndex, treeSize, hashes } = entry;
  const { size, rootHash } = checkpoint;
  const claimsAgree = claimedIndex === index && treeSize === size && equal(entry.rootHash, rootHash);
  try {
    if (!claimsAgree) throw new Error('the entry and its checkpoint disagree');
    verifyInclusion({ leafHash: leaf, index, size, proof: hashes, rootHash }, crypto);
  } catch (cause) {
    throw new EvidenceError('HF_INCLUSION_INVALID', `entry ${index} is not proven to be in the tree of size ${size}`, {
      cause,
    });
  }
}
