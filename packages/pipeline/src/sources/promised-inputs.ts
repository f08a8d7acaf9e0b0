import { join } from 'node:path';
import type { EvidenceView } from '@holdfast/evidence/view';
import { PipelineError } from '../errors.ts';
import type { DigestedFiles } from '../stage-files.ts';
import type { StageNode } from '../stage-graph.ts';
import { keysOf } from './described-source.ts';
import { requireSigned } from './signed-bytes.ts';

/**
 * What comes from a declared source must be the bytes that the source pins, or that its signer signed.
 *
 * @throws PipelineError HF_SOURCE_MISMATCH, HF_SOURCE_SIGNATURE, HF_SOURCE_SIGNER
 */
export async function requirePromisedInputs(
  stage: StageNode,
  inputs: DigestedFiles,
  folder: string,
  view: EvidenceView,
): Promise<void> {
  for (const { path, source } of stage.inputs) {
    if (source === undefined) continue;
    const { name, uri, sha256, signer } = source;
    const found = inputs.get(path)?.digests.sha256;
    if (sha256 !== undefined && found !== sha256) {
      throw new PipelineError('HF_SOURCE_MISMATCH', `\`${path}\` is not what the source \`${name}\` pins`, {
        where: path,
        fix: `fetch ${uri} again; only if the source really changed, pin ${found ?? ''}`,
      });
    }
    if (signer === undefined) continue;
    const absolute = join(folder, path);
    await requireSigned(absolute, `${absolute}.sig`, { name, signer, keys: keysOf(signer, view) });
  }
}
