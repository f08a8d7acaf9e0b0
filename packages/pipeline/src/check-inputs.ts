import { isAbsolute, join, normalize, sep } from 'node:path';
import type { CheckDescription } from '@holdfast/evidence/check';
import type { DigestCache } from '@holdfast/evidence/digest/index';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { classificationOfPath } from './access.ts';
import type { CheckedArtifact } from './checked-artifact.ts';
import { PipelineError } from './errors.ts';
import { kindOfPath } from './kind.ts';
import type { Project } from './project.ts';
import { digestPaths } from './stage-files.ts';

/** What a check reads beside its artifact, by the option that names it; what is not there is absent. */
export type CheckInputs = ReadonlyMap<string, CheckedArtifact>;

export const noInputs: CheckInputs = new Map();

/**
 * Finds and digests what the options of a check name: a declared artifact, or a path in the project.
 *
 * @param cache without one every byte is read
 * @throws PipelineError HF_PATH_OUTSIDE; EvidenceError of `digestArtifact`
 */
export async function checkInputs(
  { inputs = [] }: CheckDescription,
  options: Readonly<Record<string, unknown>>,
  project: Pick<Project, 'folder' | 'config'>,
  cache?: DigestCache,
): Promise<CheckInputs> {
  const found = new Map<string, CheckedArtifact>();
  for (const option of inputs) {
    const named = options[option];
    // what is no text is for the check to refuse
    if (typeof named !== 'string') continue;
    const declared = project.config.artifacts[named];
    const path = declared?.path ?? pathInside(named);
    const digest = (await digestPaths(project.folder, [path], cache)).get(path);
    if (digest === undefined) continue;
    const kind = declared?.kind ?? kindOfPath(path);
    const classification = classificationOfPath(project, path);
    found.set(option, {
      ...{ name: named, kind, path: join(project.folder, path), digest },
      ...(classification === undefined ? {} : { classification }),
    });
  }
  return found;
}

function pathInside(named: string): string {
  const path = normalize(named).split(sep).join('/');
  if (!isAbsolute(named) && path !== '..' && !path.startsWith('../')) return path;
  throw new PipelineError('HF_PATH_OUTSIDE', `\`${named}\` leads out of the project`, { where: named });
}

/** As they stand in the report. */
export function inputDigests(inputs: CheckInputs): NonNullable<CheckPredicate['inputs']> {
  return Object.fromEntries(
    [...inputs].map(([option, { name, digest }]) => [option, { name, digest: { ...digest.digests } }]),
  );
}
