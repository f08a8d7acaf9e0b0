import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { externalFiles } from '@holdfast/inference';
import { TrialsError } from './errors.ts';
import type { ModelFile } from './model-file.ts';

/** The digests of a file or a folder in a line: `sha256:…`. */
export async function digestOf(path: string): Promise<string> {
  const { digests } = await digestArtifact(path);
  return Object.entries(digests)
    .map(([name, value]) => `${name}:${value}`)
    .join(', ');
}

/**
 * What a model file is: `sha256:…` of the bytes that were read, and behind it the name and the digest of each file beside it
 * that holds weights, as it is now.
 * @throws EvidenceError, InferenceError HF_INFERENCE_EXTERNAL
 */
export async function modelDigest({ bytes, folder }: ModelFile): Promise<string> {
  const parts = [`sha256:${createHash('sha256').update(bytes).digest('hex')}`];
  for (const file of externalFiles(bytes, folder)) parts.push(`${file} ${await digestOf(join(folder ?? '', file))}`);
  return parts.join(', ');
}

/**
 * What a report names is what was read.
 * @param named what it is called in the error
 * @throws TrialsError HF_TRIALS_DATA
 */
export function requireSame(now: string, before: string, named: string): void {
  if (now === before) return;
  throw new TrialsError('HF_TRIALS_DATA', `\`${named}\` changed while the trial was running`, {
    fix: 'run it again when nothing writes to it',
  });
}
