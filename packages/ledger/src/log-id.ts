import { nodeCryptography } from './node-cryptography.ts';
import { logId as logIdWith } from './verify/verifier-key.ts';

/**
 * The id of a log in a Sigstore bundle: SHA-256(origin ‖ 0x0A ‖ 0x01 ‖ key), 32 bytes. Its first four bytes are the
 * key id in the signature lines of the checkpoint.
 *
 * @param publicKey raw Ed25519 key of the log, 32 bytes
 */
export function logId(origin: string, publicKey: Uint8Array): Uint8Array {
  return logIdWith(origin, publicKey, nodeCryptography);
}
