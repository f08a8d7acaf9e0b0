import type { LedgerReader } from './ledger-reader.ts';
import { formatProofFile } from './verify/proof-file.ts';

/**
 * Writes the offline proof that an entry is logged (C2SP tlog-proof): index, inclusion proof and checkpoint in one
 * text. Save it as `….tlog-proof`; `verifyProofFile` checks it anywhere.
 *
 * @param options.extra opaque bytes to carry along, authenticated by nothing
 * @throws LedgerError HF_LEDGER_RANGE and the HF_LEDGER_TILE_… errors
 */
export async function writeProof(
  reader: LedgerReader,
  index: number,
  options: { readonly extra?: Uint8Array } = {},
): Promise<string> {
  const proof = await reader.proveInclusion(index);
  return formatProofFile({ index, proof, checkpoint: reader.checkpoint.text, ...options });
}
