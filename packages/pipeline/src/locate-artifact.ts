import { basename, relative, resolve, sep } from 'node:path';
import { digestArtifact } from '@holdfast/evidence/digest/index';
import { classificationOfPath } from './access.ts';
import type { CheckedArtifact } from './checked-artifact.ts';
import { kindOfPath } from './kind.ts';
import type { Project } from './project.ts';

/**
 * A file or a folder that somebody named, or a declared artifact, with its digest and what is declared of it.
 *
 * @param folder what a path is relative to
 * @throws EvidenceError of `digestArtifact`
 */
export async function locateArtifact(folder: string, named: string, project?: Project): Promise<CheckedArtifact> {
  const path = pathOf(folder, named, project);
  const inside = project === undefined ? basename(path) : nameIn(project, path);
  const declared = Object.entries(project?.config.artifacts ?? {}).find(([, artifact]) => artifact.path === inside);
  const [name = inside, artifact] = declared ?? [];
  const classification =
    project === undefined
      ? undefined
      : classificationOfPath(project, relative(project.folder, path).split(sep).join('/'));
  return {
    ...{ name, path, kind: artifact?.kind ?? kindOfPath(path), digest: await digestArtifact(path) },
    ...(classification === undefined ? {} : { classification }),
  };
}

function pathOf(folder: string, named: string, project?: Project): string {
  const artifacts = project?.config.artifacts ?? {};
  const declared = Object.hasOwn(artifacts, named) ? artifacts[named] : undefined;
  return project === undefined || declared === undefined
    ? resolve(folder, named)
    : resolve(project.folder, declared.path);
}

/** A path in the project; of what lies elsewhere only its last part, which says nothing about this machine. */
function nameIn({ folder }: Project, path: string): string {
  const inside = relative(folder, path).split(sep).join('/');
  return inside === '' || inside.startsWith('../') || inside.startsWith('/') ? basename(path) : inside;
}

/** What options name that is read beside an artifact, by option. @throws as {@link locateArtifact} */
export async function locateInputs(
  folder: string,
  inputs: readonly string[] | undefined,
  options: Readonly<Record<string, unknown>>,
  project?: Project,
): Promise<Map<string, CheckedArtifact>> {
  const found = new Map<string, CheckedArtifact>();
  for (const option of inputs ?? []) {
    const named = options[option];
    if (typeof named === 'string') found.set(option, await locateArtifact(folder, named, project));
  }
  return found;
}
