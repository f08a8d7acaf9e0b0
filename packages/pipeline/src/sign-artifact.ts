import { join } from 'node:path';
import { serialiseBundle } from '@holdfast/evidence/bundle';
import type { Signer } from '@holdfast/evidence/keys';
import { createModelManifest, modelSigningStatement } from '@holdfast/evidence/model-signing/index';
import { recordEvidence, signStatement } from '@holdfast/evidence/record';
import { writeDurably } from '@holdfast/ledger/durable-file';
import type { NamedArtifact } from './artifacts.ts';
import { requireClock } from './clock.ts';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
import { requireSound } from './sound.ts';
import type { Vouched } from './vouch.ts';

export interface SignedArtifact extends Vouched {
  /** The signature file: OpenSSF Model Signing v1, readable by other tools. */
  readonly signatureFile: string;
}

/**
 * Signs an artifact of a project in OpenSSF Model Signing v1: the signature goes beside it as a file for everybody,
 * and into the ledger as evidence for the gates.
 */
export async function signArtifact(project: Project, artifact: NamedArtifact, key?: string): Promise<SignedArtifact> {
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const { name, signer } = await signerFor(project, view.trust, ['builder', 'approver'], key);
  const { path, signed } = await signatureOf(join(project.folder, artifact.path), artifact, signer);
  const [recorded] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  if (recorded === undefined) throw new TypeError('nothing was recorded');
  await writeDurably(path, serialiseBundle({ envelope: signed.envelope, entry: undefined }));
  return { ...recorded, signer: name, signatureFile: path };
}

async function signatureOf(path: string, artifact: NamedArtifact, signer: Signer) {
  const signed = await signStatement(modelSigningStatement(await createModelManifest(path)), signer);
  return { path: artifact.digest.kind === 'folder' ? join(path, 'model.sig') : `${path}.sig`, signed };
}
