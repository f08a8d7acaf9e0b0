import { createPublicKey } from 'node:crypto';
import { nodeCryptography } from '@holdfast/ledger';
import { logId, signatureTypes } from '@holdfast/ledger/verify/index';
import { bundleFromJSON } from '@sigstore/bundle';
import { type TrustMaterial, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import { parseBundle } from './bundle.ts';
import { EvidenceError, type EvidenceErrorCode } from './errors.ts';
import { parsePublicKey } from './keys.ts';
import type { Trust } from './trust.ts';
import { readVerifierKey } from './verify/trust-view.ts';

/** Whose ledgers and keys are believed. A trust file is one; keys that the ledger granted can be added. */
export interface SecondOpinionTrust {
  readonly ledgers: Trust['ledgers'];
  readonly signers: readonly { readonly publicKey: string }[];
}

/**
 * Asks `@sigstore/verify`, which shares no code with this package, whether a logged bundle is authentic: signature,
 * leaf, inclusion, checkpoint. Import it by its subpath, so that the library is loaded only where it is wanted.
 *
 * It is a second opinion and no replacement. It knows neither roles nor key events; it does not look at
 * post-quantum cosignatures, nor whether the key in the leaf is the signer's, nor at `rootHash` and the outer
 * `logIndex` of the entry (4.1.3).
 *
 * @throws EvidenceError HF_ENVELOPE_FORMAT, HF_ENVELOPE_SIGNATURES, HF_SIGNER_UNKNOWN, HF_SIGNATURE_INVALID,
 *   HF_NOT_LOGGED, HF_LEAF_MISMATCH, HF_INCLUSION_INVALID, HF_CHECKPOINT_INVALID, HF_TRUST_FORMAT
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseTrust } from '@holdfast/evidence';
 * import { secondOpinion } from '@holdfast/evidence/second-opinion';
 * const check = (bundle: string) =>
 *   secondOpinion(readFileSync(bundle, 'utf8'), parseTrust(readFileSync('policy/trust.json', 'utf8')));
 * ```
 */
export function secondOpinion(bundleJson: string, trust: SecondOpinionTrust): void {
  parseBundle(bundleJson);
  try {
    askSigstore(bundleJson, trust);
  } catch (cause) {
    throw translate(cause);
  }
}

/** The library's own answer and errors, without looking at the bundle before. */
export function askSigstore(bundleJson: string, trust: SecondOpinionTrust): void {
  const verifier = new Verifier(trustMaterial(trust), thresholds);
  verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundleJson))));
}

/** One proof in one log. Rekor v2 leaves carry no time, and keys come without certificates. */
const thresholds = { timestampThreshold: 0, tlogThreshold: 1, ctlogThreshold: 0 };

function trustMaterial({ ledgers, signers }: SecondOpinionTrust): TrustMaterial {
  const keys = new Map(signers.map(({ publicKey }) => [parsePublicKey(publicKey).id, publicKey]));
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    ctlogs: [],
    tlogs: ledgers.map(transparencyLog),
    publicKey(hint) {
      const pem = keys.get(hint);
      if (pem !== undefined) return { publicKey: createPublicKey(pem), validFor: () => true };
      throw new EvidenceError('HF_SIGNER_UNKNOWN', `no key \`${hint.slice(0, 16)}…\` is trusted`);
    },
  };
}

function transparencyLog({ origin, verifierKeys }: Trust['ledgers'][number]): TrustMaterial['tlogs'][number] {
  const key = verifierKeys
    .map((text) => readVerifierKey(text, nodeCryptography))
    .find(({ name, type }) => name === origin && type === signatureTypes.ed25519);
  if (key === undefined) {
    throw new EvidenceError('HF_TRUST_FORMAT', `the ledger \`${origin}\` has no Ed25519 key of its own name`);
  }
  // RFC 8410 section 4: the SubjectPublicKeyInfo of Ed25519 is this header and the raw key.
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
  return {
    logID: Buffer.from(logId(origin, key.publicKey, nodeCryptography)),
    // The library takes a note's key name for the log's when it is part of this address.
    baseURL: `https://${origin}`,
    publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    validFor: { start: new Date(0), end: new Date(8.64e15) },
  };
}

const codes: Readonly<Record<string, EvidenceErrorCode>> = {
  PUBLIC_KEY_ERROR: 'HF_SIGNER_UNKNOWN',
  SIGNATURE_ERROR: 'HF_SIGNATURE_INVALID',
  TLOG_BODY_ERROR: 'HF_LEAF_MISMATCH',
  TLOG_ERROR: 'HF_NOT_LOGGED',
  TLOG_MISSING_INCLUSION_ERROR: 'HF_NOT_LOGGED',
  TLOG_INCLUSION_PROOF_ERROR: 'HF_INCLUSION_INVALID',
};

function translate(cause: unknown): EvidenceError {
  if (cause instanceof EvidenceError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code =
    cause instanceof VerificationError ? (codes[cause.code] ?? 'HF_SIGNATURE_INVALID') : 'HF_ENVELOPE_FORMAT';
  const aboutCheckpoint = code === 'HF_INCLUSION_INVALID' && message.includes('checkpoint');
  const said = `@sigstore/verify says: ${message}`;
  return new EvidenceError(aboutCheckpoint ? 'HF_CHECKPOINT_INVALID' : code, said, { cause });
}
