import { EvidenceError } from '@holdfast/evidence/errors';
import { parsePublicKey } from '@holdfast/evidence/keys';
import { verifyModel } from '@holdfast/evidence/model-signing/verify';
import { PipelineError } from '../errors.ts';

/**
 * Requires that one of the keys of a signer has signed a file in OpenSSF Model Signing v1.
 *
 * @param keys SPKI in PEM
 * @throws PipelineError HF_SOURCE_SIGNATURE, HF_SOURCE_SIGNER; EvidenceError where the file cannot be read
 */
export async function requireSigned(
  path: string,
  signature: string,
  { signer, keys, name }: { readonly signer: string; readonly keys: readonly string[]; readonly name: string },
): Promise<void> {
  if (keys.length === 0) {
    throw new PipelineError('HF_SOURCE_SIGNER', `no trusted key has the name \`${signer}\`, the signer of \`${name}\``);
  }
  let last: unknown;
  for (const key of keys) {
    try {
      await verifyModel(path, signature, parsePublicKey(key));
      return;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      last = error;
    }
  }
  const why = last instanceof Error ? last.message : '';
  throw new PipelineError('HF_SOURCE_SIGNATURE', `\`${signer}\` has not signed what \`${name}\` gives: ${why}`, {
    cause: last,
  });
}
