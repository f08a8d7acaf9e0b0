import { base64 } from '@holdfast/ledger/verify/encoding';
import { canonicalJson } from '../canonical-json.ts';

/** Signature algorithms that a leaf can name, by Sigstore's `PublicKeyDetails`. */
export const keyDetails = {
  'ecdsa-p256-sha256': 'PKIX_ECDSA_P256_SHA_256',
  ed25519: 'PKIX_ED25519',
} as const;

export type SignatureAlgorithm = keyof typeof keyDetails;

export interface LeafContent {
  /** SHA-256 of the DSSE pre-authentication encoding, 32 bytes. */
  readonly digest: Uint8Array;
  /** The DSSE signature as it stands in the bundle. */
  readonly signature: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  /** The signer's public key, SPKI in DER. */
  readonly publicKey: Uint8Array;
}

/**
 * The ledger's leaf for one piece of evidence: the body of a Rekor v2 `hashedrekord` entry, version 0.0.2, as
 * canonical JSON. For a DSSE envelope the digest is that of its pre-authentication encoding.
 *
 * Source: sigstore/protobuf-specs, rekor/v2/hashedrekord.proto and entry.proto.
 */
export function leafBody(content: LeafContent): Uint8Array {
  return new TextEncoder().encode(
    canonicalJson({
      apiVersion: '0.0.2',
      kind: 'hashedrekord',
      spec: {
        hashedRekordV002: {
          data: { algorithm: 'SHA2_256', digest: base64(content.digest) },
          signature: {
            content: base64(content.signature),
            verifier: {
              keyDetails: keyDetails[content.algorithm],
              publicKey: { rawBytes: base64(content.publicKey) },
            },
          },
        },
      },
    }),
  );
}
