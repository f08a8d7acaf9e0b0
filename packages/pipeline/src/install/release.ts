import { type Release, releaseSchema } from '@holdfast/evidence/predicates/release';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { statementOf } from '@holdfast/evidence/statement';
import type { NamedArtifact } from '../artifacts.ts';
import { PipelineError } from '../errors.ts';
import { declaredStages } from '../gate.ts';
import { type Project, verifyProject } from '../project.ts';
import { recordAs, type Vouched } from '../vouch.ts';
import { releasesFor } from './released.ts';

export interface ReleaseRequest {
  readonly device: string;
  /** The next one when it is absent. */
  readonly version?: number;
  readonly key?: string;
}

export interface MadeRelease extends Vouched {
  readonly version: number;
}

/**
 * Releases an artifact for a class of devices, in the role `approver`.
 *
 * @throws PipelineError HF_RELEASE_VERSION, HF_RELEASE_FILES, HF_NO_SIGNER
 */
export async function releaseArtifact(
  project: Project,
  artifact: NamedArtifact,
  { device, version: wanted, key }: ReleaseRequest,
): Promise<MadeRelease> {
  const newest = releasesFor(await verifyProject(project), device).at(-1)?.release.version ?? 0;
  const version = wanted ?? newest + 1;
  if (!Number.isSafeInteger(version) || version <= newest) {
    throw new PipelineError('HF_RELEASE_VERSION', `version \`${version}\` is no whole number over ${newest}`);
  }
  const release: Release = {
    device,
    version,
    ...filesOf(artifact),
    stages: declaredStages(project, artifact.path).map((stage) => ({ ...stage })),
    releasedOn: new Date().toISOString(),
  };
  const parsed = releaseSchema.safeParse(release);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new PipelineError(
      'HF_RELEASE_FILES',
      `\`${artifact.path}\` cannot be released: ${where}: ${issue?.message ?? ''}`,
    );
  }
  const subject = { name: artifact.name, digest: { ...artifact.digest.digests } };
  const statement = statementOf(predicateTypes.release, [subject], parsed.data);
  return { ...(await recordAs(project, ['approver'], statement, key)), version };
}

function filesOf({ path, digest }: NamedArtifact): Pick<Release, 'name' | 'files'> {
  const name = path.split('/').at(-1) ?? path;
  if (digest.kind === 'folder') return { name, files: digest.files.map((file) => ({ ...file })) };
  return { name, files: [{ name, sha256: digest.digests.sha256, size: digest.size }] };
}
