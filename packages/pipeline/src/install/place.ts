import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestArtifact, IGNORED_PATHS } from '@holdfast/evidence/digest/index';
import { EvidenceError } from '@holdfast/evidence/errors';
import { artifactId, type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import { syncFolder } from '@holdfast/ledger/durable-file';
import { PipelineError } from '../errors.ts';
import type { Released } from './released.ts';

/** Which of the two installed versions. */
export type Pointer = 'current' | 'previous';

const versions = 'versions';
const unfinished = '.new-';

/** Name of the version that a pointer leads to; `undefined` when there is none. @throws PipelineError HF_INSTALL_STATE */
export async function pointedTo(folder: string, pointer: Pointer): Promise<string | undefined> {
  const file = join(folder, pointer);
  const target = await readlink(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PipelineError('HF_INSTALL_STATE', `\`${pointer}\` is no link to a version`, {
      where: file,
      cause: error,
    });
  });
  if (target === undefined) return undefined;
  const name = /^versions\/([0-9a-f]{64}(?:\.[0-9]{1,6})?)$/.exec(target)?.[1];
  if (name !== undefined) return name;
  throw new PipelineError('HF_INSTALL_STATE', `\`${pointer}\` leads to \`${target}\``, { where: file });
}

/** The digest that a version is called by. */
export const versionDigest = (version: string): string => version.slice(0, 64);

export const versionFolder = (folder: string, version: string): string => join(folder, versions, version);

/** What an artifact's version is called by: the digest of its one name, without the algorithm. */
export const digestName = (digest: DigestSet): string => artifactId(digest).split(':')[1] ?? '';

/** A name for a version that no folder has yet. */
export async function freeVersion(folder: string, digest: DigestSet): Promise<string> {
  const taken = new Set(await readdir(join(folder, versions)));
  const name = digestName(digest);
  for (let count = 0; ; count++) {
    const version = count === 0 ? name : `${name}.${count}`;
    if (!taken.has(version)) return version;
  }
}

/** An empty folder beside the versions, for one that is being made. */
export async function newVersion(folder: string): Promise<string> {
  await mkdir(join(folder, versions), { recursive: true });
  await syncFolder(folder);
  const made = join(folder, versions, `${unfinished}${randomUUID()}`);
  await mkdir(made);
  return made;
}

/** Gives a version that is whole and on disk its name. */
export async function keepVersion(folder: string, made: string, version: string): Promise<void> {
  await rename(made, versionFolder(folder, version));
  await syncFolder(join(folder, versions));
}

/** Makes a pointer lead to a version: at every moment to the old one or to the new one. */
export async function point(folder: string, pointer: Pointer, version: string): Promise<void> {
  const made = join(folder, `.${pointer}-${randomUUID()}`);
  await symlink(`${versions}/${version}`, made);
  await rename(made, join(folder, pointer));
  await syncFolder(folder);
}

/** Removes versions that no pointer leads to, and what a kill left behind. */
export async function sweep(folder: string): Promise<void> {
  const kept = new Set([await pointedTo(folder, 'current'), await pointedTo(folder, 'previous')]);
  for (const name of await readdir(join(folder, versions)).catch(() => [])) {
    if (!kept.has(name)) await rm(join(folder, versions, name), { recursive: true, force: true });
  }
  for (const name of await readdir(folder)) {
    if (/^\.(current|previous)-|\.partial$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

/**
 * Digests every byte of an installed version, and compares it with what was signed. There is nothing beside it.
 *
 * @throws PipelineError HF_INSTALL_DAMAGED
 */
export async function requireIntact(folder: string, version: string, { release, digest }: Released): Promise<void> {
  const where = versionFolder(folder, version);
  const damaged = (why: string, cause?: unknown): PipelineError =>
    new PipelineError('HF_INSTALL_DAMAGED', `version ${release.version} ${why}`, { where, cause });
  try {
    const beside = (await readdir(where)).filter((name) => name !== release.name);
    if (beside.length > 0) throw damaged(`has \`${beside[0] ?? ''}\` beside it`);
    const path = join(where, release.name);
    const found = await digestArtifact(path);
    if (!sameDigests({ ...found.digests }, digest)) throw damaged('is not what was signed');
    const inside = found.kind === 'folder' ? await readdir(path) : [];
    const uncovered = inside.find((name) => IGNORED_PATHS.includes(name));
    if (uncovered !== undefined) throw damaged(`holds \`${uncovered}\`, which nobody signed`);
  } catch (error) {
    if (error instanceof EvidenceError) throw damaged(`cannot be read whole: ${error.message}`, error);
    if (error instanceof PipelineError || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw damaged('is gone', error);
  }
}
