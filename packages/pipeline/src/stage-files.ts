import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type ArtifactDigest, type DigestCache, digestArtifact } from '@holdfast/evidence/digest/index';
import { EvidenceError } from '@holdfast/evidence/errors';
import { artifactId } from '@holdfast/evidence/statement';
import { PipelineError } from './errors.ts';

/** Digests by path; a path that does not exist is absent. */
export type DigestedFiles = ReadonlyMap<string, ArtifactDigest>;

/**
 * Digests paths of a project. A path that is a link out of the project is refused.
 *
 * @param cache without one every byte is read
 * @throws PipelineError HF_PATH_OUTSIDE; EvidenceError of `digestArtifact`
 */
export async function digestPaths(
  folder: string,
  paths: readonly string[],
  cache?: DigestCache,
): Promise<DigestedFiles> {
  const found = new Map<string, ArtifactDigest>();
  for (const path of paths) {
    const digest = await digestInside(folder, path, cache).catch((error: unknown) => {
      if (error instanceof EvidenceError && error.code === 'HF_DIGEST_NOT_FOUND') return undefined;
      throw error;
    });
    if (digest !== undefined) found.set(path, digest);
  }
  return found;
}

async function digestInside(folder: string, path: string, cache: DigestCache | undefined): Promise<ArtifactDigest> {
  const absolute = join(folder, path);
  const real = await realpath(absolute).catch(() => absolute);
  const inside = relative(await realpath(folder), real);
  if (real !== absolute && (inside === '..' || inside.startsWith(`..${sep}`) || inside.startsWith(sep))) {
    throw new PipelineError('HF_PATH_OUTSIDE', `\`${path}\` leads out of the project, to \`${real}\``, { where: path });
  }
  return digestArtifact(absolute, cache === undefined ? { force: true } : { cache });
}

/** One line per path, for comparing before and after. */
export function digestNames(files: DigestedFiles): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, { digests }]) => [path, artifactId(digests)]));
}

/** The files of a folder as evidence lists them; `undefined` for a file. */
export function filesOf(digest: ArtifactDigest): { name: string; sha256: string }[] | undefined {
  return digest.kind === 'folder' ? digest.files.map(({ name, sha256 }) => ({ name, sha256 })) : undefined;
}
