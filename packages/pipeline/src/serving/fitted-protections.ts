import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { findArtifact, type NamedArtifact } from '../artifacts.ts';
import { PipelineError } from '../errors.ts';
import type { Project } from '../project.ts';

/** What was learnt for a model, as evidence says that it was. */
export interface FittedFile {
  /** Of the evidence. */
  readonly id: string;
  /** In the project. */
  readonly path: string;
  readonly sha256: string;
}

/** The operation whose provenance counts. */
const operation = 'gateway.fit';

/**
 * What was learnt for a model, as it lies in the project: the file that its owner's, or any builder's, run of `gateway.fit` made of these very bytes of the
 * model.
 *
 * @throws PipelineError HF_ARTIFACT_UNKNOWN where there is no such file, no evidence of it, or it was withdrawn
 */
export async function fittedProtections(
  project: Project,
  view: EvidenceView,
  path: string,
  model: NamedArtifact,
): Promise<FittedFile> {
  const { path: place, digest } = await findArtifact(project, path, project.folder);
  const of = { ...digest.digests };
  const owner = project.config.operations[operation]?.owner;
  const run = view.evidence.findLast((piece) => {
    const statement = evidenceAs('run', piece)?.statement;
    if (statement?.predicate.buildDefinition.externalParameters.stage !== operation) return false;
    if (owner !== undefined && owner !== piece.signerName) return false;
    const { resolvedDependencies } = statement.predicate.buildDefinition;
    const isOfModel = resolvedDependencies.some((read) => sameDigests(read.digest, { ...model.digest.digests }));
    return isOfModel && statement.subject.some((subject) => sameDigests(subject.digest, of));
  });
  const { sha256 } = digest.digests as DigestSet;
  if (run !== undefined && sha256 !== undefined && view.broken.length === 0 && !isWithdrawn(view, of)) {
    return { id: run.id, path: place, sha256 };
  }
  throw new PipelineError('HF_ARTIFACT_UNKNOWN', `there is no evidence that \`${path}\` was fitted to this model`, {
    where: path,
    fix: `holdfast gateway fit DATA --model ${model.path} --output ${path} --force`,
  });
}

const isWithdrawn = (view: EvidenceView, digest: DigestSet): boolean =>
  view.evidence.some((piece) => {
    const withdrawal = evidenceAs('withdrawal', piece);
    return withdrawal?.statement.subject.some((subject) => sameDigests(subject.digest, digest)) === true;
  });
