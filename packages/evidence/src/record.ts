import type { Ledger } from '@holdfast/ledger';
import { nodeCryptography } from '@holdfast/ledger';
import { hex } from '@holdfast/ledger/verify/encoding';
import { leafHash } from '@holdfast/ledger/verify/index';
import { canonicalJson } from './canonical-json.ts';
import { EvidenceError } from './errors.ts';
import { parsePublicKey, type Signer } from './keys.ts';
import { type Statement, statementPayloadType } from './statement.ts';
import type { EvidenceStore } from './store.ts';
import { type LogEntry, type SignedEnvelope, verifySignature } from './verify/evidence.ts';
import { leafBody } from './verify/leaf.ts';
import { preAuthenticationEncoding } from './verify/pae.ts';

export interface RecordedEvidence {
  /** Lower-case hex of the leaf hash: the name of the evidence. */
  readonly id: string;
  readonly index: number;
}

/** An envelope with the key that made its signature. */
export interface SignedStatement {
  readonly envelope: SignedEnvelope;
  /** SPKI in PEM. */
  readonly publicKey: string;
}

/** Where evidence goes. */
export interface Recorder {
  readonly ledger: Ledger;
  readonly store: EvidenceStore;
}

/** Signs a statement as a DSSE envelope: canonical JSON, then the signature over its pre-authentication encoding. */
export async function signStatement(statement: Statement, signer: Signer): Promise<SignedStatement> {
  const payload = new TextEncoder().encode(canonicalJson(statement));
  const signature = await signer.sign(preAuthenticationEncoding(statementPayloadType, payload));
  const { id, pem } = signer.publicKey;
  return { envelope: { payloadType: statementPayloadType, payload, signature, keyId: id }, publicKey: pem };
}

interface Leaf {
  readonly id: string;
  readonly body: Uint8Array;
  readonly envelope: SignedEnvelope;
}

/** What is logged stays for ever, so a signature that does not verify never gets there. */
async function prepareLeaf({ envelope, publicKey }: SignedStatement): Promise<Leaf> {
  const key = parsePublicKey(publicKey);
  await verifySignature(envelope, key, nodeCryptography);
  const { algorithm, spki } = key;
  const digest = nodeCryptography.sha256(preAuthenticationEncoding(envelope.payloadType, envelope.payload));
  const body = leafBody({ digest, signature: envelope.signature, algorithm, publicKey: spki });
  return { id: hex(leafHash(body, nodeCryptography)), body, envelope };
}

/**
 * Logs signed statements in one batch and stores them with their proofs.
 * Each bundle is on disk before its leaf is in the ledger, so that a crash in between leaves evidence without a
 * leaf (which counts for nothing) but never a leaf without evidence.
 *
 * @param options.expectedSize log only if the ledger has exactly so many entries
 * @throws EvidenceError HF_SIGNATURE_INVALID, HF_KEY_FORMAT, HF_STORE_DISK_FULL; LedgerError when the ledger refuses. Nothing was acknowledged then.
 */
export async function recordEvidence(
  signed: readonly SignedStatement[],
  { ledger, store }: Recorder,
  options: { readonly expectedSize?: number } = {},
): Promise<readonly RecordedEvidence[]> {
  const leaves = await Promise.all(signed.map(prepareLeaf));
  for (const { id, envelope } of leaves) {
    // One that is there already may have its proof; it must not lose it.
    if (!(await store.has(id))) await store.put(id, { envelope, entry: undefined });
  }
  const appended = await ledger.append(
    leaves.map(({ body }) => body),
    options,
  );
  return Promise.all(
    leaves.map(async ({ id, body, envelope }, at) => {
      const index = appended[at]?.index;
      if (index === undefined) throw new TypeError('the ledger acknowledged fewer entries than it was given');
      await store.put(id, { envelope, entry: await proveEntry(body, index, ledger) });
      return { id, index };
    }),
  );
}

/** The ledger entry of a leaf, proven against the newest checkpoint. */
async function proveEntry(body: Uint8Array, index: number, ledger: Ledger): Promise<LogEntry> {
  const { checkpoint, hashes } = await ledger.prove(index);
  return {
    logId: ledger.logId,
    kind: 'hashedrekord/0.0.2',
    body,
    index,
    claimedIndex: index,
    treeSize: checkpoint.size,
    rootHash: checkpoint.rootHash,
    hashes,
    checkpoint: checkpoint.text,
  };
}

/**
 * Completes evidence whose command was killed between ledger and store: the leaf is in the ledger, the bundle is
 * stored without its proof. Looks at the entries from `from` on.
 *
 * @returns how many bundles were completed
 */
export async function completeEvidence({ ledger, store }: Recorder, from: number, to: number): Promise<number> {
  let completed = 0;
  for (let index = from; index < to; index++) {
    const body = await ledger.entry(index);
    const id = hex(leafHash(body, nodeCryptography));
    const bundle = await store.get(id).catch((error: unknown) => {
      if (error instanceof EvidenceError) return undefined;
      throw error;
    });
    if (bundle === undefined || bundle.entry !== undefined) continue;
    await store.put(id, { envelope: bundle.envelope, entry: await proveEntry(body, index, ledger) });
    completed += 1;
  }
  return completed;
}
