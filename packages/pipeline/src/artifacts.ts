import { relative, resolve, sep } from 'node:path';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { PipelineError } from './errors.ts';
import type { Project } from './project.ts';
import { digestPaths } from './stage-files.ts';

/** An artifact that a command is about. */
export interface NamedArtifact {
  /** Name in `holdfast.yaml`, or the path when it has none. */
  readonly name: string;
  /** Posix path relative to the project. */
  readonly path: string;
  readonly kind: string | undefined;
  readonly digest: ArtifactDigest;
}

/**
 * Finds an artifact by its name in `holdfast.yaml` or by its path, and digests every byte of it anew.
 *
 * @param cwd what a relative path is relative to
 * @throws PipelineError HF_ARTIFACT_UNKNOWN, HF_PATH_OUTSIDE
 */
export async function findArtifact(project: Project, nameOrPath: string, cwd: string): Promise<NamedArtifact> {
  const declared = project.config.artifacts[nameOrPath];
  const path = declared?.path ?? relative(project.folder, resolve(cwd, nameOrPath)).split(sep).join('/');
  if (path === '..' || path.startsWith('../') || path === '') {
    throw new PipelineError('HF_PATH_OUTSIDE', `\`${nameOrPath}\` is not inside the project \`${project.folder}\``);
  }
  const digest = (await digestPaths(project.folder, [path])).get(path);
  if (digest === undefined) {
    const known = Object.keys(project.config.artifacts)
      .map((name) => `\`${name}\``)
      .join(', ');
    throw new PipelineError('HF_ARTIFACT_UNKNOWN', `there is no \`${path}\` yet; artifacts are ${known || 'none'}`, {
      fix: '`holdfast run` makes what stages declare',
    });
  }
  const [name, found] = Object.entries(project.config.artifacts).find(([, artifact]) => artifact.path === path) ?? [
    path,
    undefined,
  ];
  return { name, path, kind: found?.kind, digest };
}
