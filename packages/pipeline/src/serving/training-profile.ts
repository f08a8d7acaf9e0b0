import type { DatasetProfile } from '@holdfast/evidence';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { findArtifact } from '../artifacts.ts';
import { PipelineError } from '../errors.ts';
import type { Project } from '../project.ts';

/** A signed profile, and the evidence that it is. */
export interface SignedProfile {
  readonly id: string;
  readonly profile: DatasetProfile;
}

/**
 * The newest signed profile of a data set, as it lies in the project.
 *
 * @param path of the data set, or its name
 * @throws PipelineError HF_ARTIFACT_UNKNOWN where there is no data set, or no profile of these bytes
 */
export async function trainingProfile(project: Project, view: EvidenceView, path: string): Promise<SignedProfile> {
  const { digest } = await findArtifact(project, path, project.folder);
  const about = view.evidence.flatMap((piece) => {
    const profile = evidenceAs('datasetProfile', piece);
    const isAbout = profile?.statement.subject.some((subject) => sameDigests(subject.digest, { ...digest.digests }));
    return profile !== undefined && isAbout === true ? [{ id: profile.id, profile: profile.statement.predicate }] : [];
  });
  const newest = about.at(-1);
  if (newest !== undefined && view.broken.length === 0) return newest;
  throw new PipelineError('HF_ARTIFACT_UNKNOWN', `there is no profile of \`${path}\``, {
    where: path,
    fix: `declare the check \`data.profile\` for it, then \`holdfast run\``,
  });
}
