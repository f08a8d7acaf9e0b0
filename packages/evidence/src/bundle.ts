import {
  type BundleWithDsseEnvelope,
  bundleFromJSON,
  bundleToJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
  toDSSEBundle,
} from '@sigstore/bundle';
import type { Checkpoint, InclusionProof, KindVersion, LogId, TransparencyLogEntry } from '@sigstore/protobuf-specs';
import { EvidenceError } from './errors.ts';
import type { LogEntry, SignedEnvelope } from './verify/evidence.ts';

/** Largest bundle that is read: a statement with a long manifest fits, a bomb does not. */
export const maximumBundleBytes = 64 * 1024 * 1024;

/** A bundle taken apart: the envelope, and the ledger entry when it has been logged. */
export interface EvidenceBundle {
  readonly envelope: SignedEnvelope;
  readonly entry: LogEntry | undefined;
}

const version03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';

function logEntryOf(bundle: BundleWithDsseEnvelope): LogEntry | undefined {
  const entries = bundle.verificationMaterial.tlogEntries;
  if (entries.length > 1) throw new EvidenceError('HF_ENVELOPE_FORMAT', 'the bundle holds more than one ledger entry');
  const entry = entries[0];
  if (entry === undefined) return undefined;
  const proof = entry.inclusionProof;
  if (proof?.checkpoint === undefined) {
    throw new EvidenceError('HF_ENVELOPE_FORMAT', 'the ledger entry has no inclusion proof with a checkpoint');
  }
  return {
    logId: entry.logId.keyId,
    kind: `${entry.kindVersion.kind}/${entry.kindVersion.version}`,
    body: entry.canonicalizedBody,
    index: safeInteger(proof.logIndex),
    claimedIndex: safeInteger(entry.logIndex),
    treeSize: safeInteger(proof.treeSize),
    rootHash: proof.rootHash,
    hashes: proof.hashes,
    checkpoint: proof.checkpoint.envelope,
  };
}

function safeInteger(decimal: string): number {
  const value = Number(decimal);
  if (/^(0|[1-9][0-9]*)$/.test(decimal) && Number.isSafeInteger(value)) return value;
  throw new EvidenceError('HF_ENVELOPE_FORMAT', `\`${decimal.slice(0, 40)}\` is not a ledger position`);
}

function parse(json: string): BundleWithDsseEnvelope {
  if (json.length > maximumBundleBytes) throw new EvidenceError('HF_ENVELOPE_FORMAT', 'the bundle is over 64 MiB');
  try {
    const value: unknown = JSON.parse(json);
    requireOneSignature(value);
    const bundle = bundleFromJSON(value);
    if (bundle.mediaType !== version03) throw new Error(`media type \`${bundle.mediaType}\``);
    if (!isBundleWithDsseEnvelope(bundle)) throw new Error('no DSSE envelope');
    if (!isBundleWithPublicKey(bundle)) throw new Error('no public key hint');
    return bundle;
  } catch (cause) {
    if (cause instanceof EvidenceError) throw cause;
    throw new EvidenceError('HF_ENVELOPE_FORMAT', `not a Sigstore bundle v0.3: ${firstLine(cause)}`, { cause });
  }
}

/** Asked before the library does, which calls two signatures a malformed bundle. */
function requireOneSignature(value: unknown): void {
  const signatures = (value as { dsseEnvelope?: { signatures?: unknown } } | null)?.dsseEnvelope?.signatures;
  if (!Array.isArray(signatures) || signatures.length === 1) return;
  throw new EvidenceError('HF_ENVELOPE_SIGNATURES', `the envelope carries ${signatures.length} signatures, not one`);
}

const firstLine = (cause: unknown): string =>
  String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? '';

/**
 * Reads a Sigstore bundle v0.3 with a DSSE envelope and a public key hint.
 *
 * @throws EvidenceError HF_ENVELOPE_FORMAT, HF_ENVELOPE_SIGNATURES
 */
export function parseBundle(json: string): EvidenceBundle {
  const bundle = parse(json);
  const material = bundle.verificationMaterial.content;
  if (material.$case !== 'publicKey') throw new EvidenceError('HF_ENVELOPE_FORMAT', 'no public key hint');
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const [signature] = signatures;
  if (signature === undefined) throw new EvidenceError('HF_ENVELOPE_SIGNATURES', 'the envelope is not signed');
  return {
    envelope: { payload, payloadType, signature: signature.sig, keyId: material.publicKey.hint },
    entry: logEntryOf(bundle),
  };
}

/** Writes a Sigstore bundle v0.3 as JSON; without an entry it is signed but not yet logged. */
export function serialiseBundle({ envelope, entry }: EvidenceBundle): string {
  const bundle = toDSSEBundle({
    artifact: Buffer.from(envelope.payload),
    artifactType: envelope.payloadType,
    signature: Buffer.from(envelope.signature),
    keyHint: envelope.keyId,
  });
  if (entry !== undefined) bundle.verificationMaterial.tlogEntries = [protobufEntry(entry)];
  return JSON.stringify(bundleToJSON(bundle));
}

/** What Sigstore's bundle wants of a ledger entry: one with its proof, and without the promise of older logs. */
type BundledEntry = TransparencyLogEntry & {
  logId: LogId;
  kindVersion: KindVersion;
  inclusionProof: InclusionProof & { checkpoint: Checkpoint };
  inclusionPromise: undefined;
};

function protobufEntry(entry: LogEntry): BundledEntry {
  const [kind = '', version = ''] = entry.kind.split('/');
  return {
    logIndex: String(entry.claimedIndex),
    logId: { keyId: Buffer.from(entry.logId) },
    kindVersion: { kind, version },
    integratedTime: '0',
    inclusionPromise: undefined,
    inclusionProof: {
      logIndex: String(entry.index),
      rootHash: Buffer.from(entry.rootHash),
      treeSize: String(entry.treeSize),
      hashes: entry.hashes.map((hash) => Buffer.from(hash)),
      checkpoint: { envelope: entry.checkpoint },
    },
    canonicalizedBody: Buffer.from(entry.body),
  };
}
