import { base64, equal, fromBase64 } from '@holdfast/ledger/verify/encoding';
import type { Cryptography } from '@holdfast/ledger/verify/index';
import type { EvidenceBundle } from './bundle.ts';
import { EvidenceError } from './errors.ts';
import { preAuthenticationEncoding } from './verify/pae.ts';
import { keyIdOf } from './verify/public-key.ts';
import type { TrustView } from './verify/trust-view.ts';

/** An entry as the ledger itself holds it. */
export interface LedgerEntry {
  readonly origin: string;
  readonly index: number;
  readonly body: Uint8Array;
}

/**
 * Binds a stored bundle to the ledger's own entry, before anything is asked about its signer: same ledger, same
 * entry, same envelope, same key. Without it a changed key hint or log id would turn a withdrawal into evidence by
 * an unknown signer, or by one without the role, and so into nothing.
 *
 * @throws EvidenceError HF_LEAF_MISMATCH, HF_LEDGER_UNTRUSTED
 */
export function bindToEntry(bundle: EvidenceBundle, logged: LedgerEntry, trust: TrustView, crypto: Cryptography): void {
  const { entry, envelope } = bundle;
  const { digest, signature, publicKey } = readBody(logged);
  const message = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const sameEnvelope =
    digest === base64(crypto.sha256(message)) &&
    signature === base64(envelope.signature) &&
    envelope.keyId === keyIdOf(publicKey, crypto);
  const sameEntry =
    entry === undefined ||
    (trust.ledgerById(entry.logId).origin === logged.origin &&
      entry.index === logged.index &&
      entry.claimedIndex === logged.index &&
      equal(entry.body, logged.body));
  if (sameEnvelope && sameEntry) return;
  throw new EvidenceError('HF_LEAF_MISMATCH', `the evidence of entry ${logged.index} is not what the ledger holds`);
}

interface HashedRekord {
  readonly spec?: {
    readonly hashedRekordV002?: {
      readonly data?: { readonly digest?: unknown };
      readonly signature?: {
        readonly content?: unknown;
        readonly verifier?: { readonly publicKey?: { readonly rawBytes?: unknown } };
      };
    };
  };
}

interface BodyContent {
  readonly digest: unknown;
  readonly signature: unknown;
  /** SPKI in DER. */
  readonly publicKey: Uint8Array;
}

function readBody({ index, body }: LedgerEntry): BodyContent {
  try {
    const entry = JSON.parse(new TextDecoder().decode(body)) as HashedRekord | null;
    const { data, signature } = entry?.spec?.hashedRekordV002 ?? {};
    const rawBytes = signature?.verifier?.publicKey?.rawBytes;
    const publicKey = typeof rawBytes === 'string' ? fromBase64(rawBytes) : undefined;
    if (publicKey === undefined) throw new TypeError('no public key');
    return { digest: data?.digest, signature: signature?.content, publicKey };
  } catch (cause) {
    throw new EvidenceError('HF_LEAF_MISMATCH', `entry ${index} is not a hashedrekord`, { cause });
  }
}
