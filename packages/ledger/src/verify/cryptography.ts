/** The signature algorithms that a checkpoint, or the evidence under it, may use. */
export type SignatureAlgorithm = 'ed25519' | 'ml-dsa-44' | 'ecdsa-p256-sha256';

/**
 * The cryptography that the verifier is given, so that the same code runs in Node and in a browser.
 * `nodeCryptography` is the implementation on `node:crypto`.
 */
export interface Cryptography {
  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /**
   * True only when the signature is valid; a malformed key or signature is false, never an exception.
   * Public keys: raw bytes for `ed25519` (32) and `ml-dsa-44` (1312), SPKI DER for `ecdsa-p256-sha256`.
   * Signatures: raw for the first two, ASN.1 DER for ECDSA.
   */
  verify(
    algorithm: SignatureAlgorithm,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean | Promise<boolean>;
}
