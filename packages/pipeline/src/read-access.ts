import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { classificationOf } from '@holdfast/contracts';
import { digestArtifact } from '@holdfast/evidence/digest/index';
import type { RecordedEvidence } from '@holdfast/evidence/record';
import type { Role } from '@holdfast/evidence/roles';
import { accessStatements, leaveAccess, type Purpose, type ReadPath } from './access.ts';
import { requireClock } from './clock.ts';
import type { Configuration } from './configuration.ts';
import { openProject, type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
import { requireSound } from './sound.ts';

export interface ReadRequest {
  /** In the project that it is asked from. */
  readonly folder: string;
  /** What is about to be read, absolute: files and folders, wherever they lie. */
  readonly paths: readonly string[];
  readonly purpose: Purpose;
}

/**
 * Puts on record what of some paths is confidential, before anything of them is read: each declared artifact that is one of
 * them or lies in one, and each path that lies in an artifact. Outside of any project, and of what is more open, nothing.
 *
 * @returns what was recorded
 * @throws PipelineError HF_NO_SIGNER where no key here may sign it: then it must not be read; HF_CLOCK; as `openProject`,
 * `verifyProject`
 */
export async function recordRead({ folder, ...request }: ReadRequest): Promise<readonly RecordedEvidence[]> {
  return recordReadIn(await openProject(folder), request);
}

/** Who signs: a checker what it checks, a builder what it makes something of; the other where only that is here. */
const signersOf: Readonly<Record<Purpose['kind'], readonly Role[]>> = {
  check: ['checker', 'builder'],
  operation: ['builder', 'checker'],
  run: ['builder'],
};

/** The same in a project that is open. */
export async function recordReadIn(
  project: Project,
  { paths, purpose }: Omit<ReadRequest, 'folder'>,
): Promise<readonly RecordedEvidence[]> {
  const confidential = confidentialPaths(project, paths);
  if (confidential.length === 0) return [];
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const { signer } = await signerFor(project, view.trust, signersOf[purpose.kind]);
  const read: ReadPath[] = [];
  for (const { name, path } of confidential) {
    const { digests } = await digestArtifact(join(project.folder, path), { symlinks: 'follow' });
    read.push({ name, path, digest: { ...digests } });
  }
  const statements = accessStatements(project, read, purpose);
  return withRecorder(project, async (recorder) => leaveAccess(statements, signer, recorder));
}

type Found = Omit<ReadPath, 'digest'>;

/** What is confidential of what somebody names, each once. */
function confidentialPaths({ config, folder }: Pick<Configuration, 'config' | 'folder'>, paths: readonly string[]) {
  const found = new Map<string, Found>();
  for (const path of paths) {
    const real = realOf(path);
    if (real === undefined) continue;
    for (const [name, { path: own }] of Object.entries(config.artifacts)) {
      const classification = classificationOf(config, name);
      if (classification !== 'confidential' && classification !== 'restricted') continue;
      const artifact = realOf(join(folder, own));
      if (artifact === undefined) continue;
      if (isWithin(real, artifact)) found.set(own, { name, path: own });
      else if (isWithin(artifact, real)) {
        const inside = posix(relative(artifact, real));
        found.set(`${own}/${inside}`, { name: `${own}/${inside}`, path: `${own}/${inside}` });
      }
    }
  }
  return [...found.values()];
}

const posix = (path: string): string => path.split(sep).join('/');

/** Without links, so that none is a way around; nothing of what is not there, which cannot be read. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder, or lies in it. */
const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder === sep ? sep : `${folder}${sep}`);
