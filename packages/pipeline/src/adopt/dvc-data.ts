import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type ArtifactDigest, digestArtifact } from '@holdfast/evidence/digest/index';
import { EvidenceError } from '@holdfast/evidence/errors';
import { PipelineError } from '../errors.ts';
import type { DvcConfig } from './dvc-config.ts';
import type { DvcRecord } from './dvc-lock.ts';
import { DvcVerifier } from './dvc-verification.ts';
import { type Doubt, type FoundArtifact, shown } from './found.ts';
import type { ProjectFolder } from './project-folder.ts';

/** What DVC recorded, and what it is to Holdfast. */
export interface Recorded {
  readonly record: DvcRecord;
  /**
   * `data` comes from outside and becomes an artifact, pinned; `code` may have been edited since; an `output` is made
   * again by its stage before anything relies on it.
   */
  readonly role: 'data' | 'code' | 'output';
  readonly uri?: string | undefined;
}

export interface DvcData {
  /** Data of which every byte is what DVC recorded, pinned by SHA-256. */
  readonly pins: ReadonlyMap<string, NonNullable<FoundArtifact['source']>>;
  readonly doubts: readonly Doubt[];
}

/** Differences that are listed with the first. */
const mostListed = 8;

/**
 * Verifies what DVC recorded: each object in the cache against its name, each file and folder of the project against
 * its MD5. Data that is the same gets the SHA-256 that pins it from here on: MD5 can be forged.
 *
 * A folder is pinned by the digest that a run compares (`sha256` of `digestArtifact`), which holds the bytes of its
 * files in the order of their names, but not the names.
 *
 * @throws PipelineError HF_ADOPT_MISMATCH when data or an object is not what was recorded; HF_ADOPT_UNREADABLE
 */
export async function verifyDvcData(
  recorded: readonly Recorded[],
  config: DvcConfig,
  folder: ProjectFolder,
): Promise<DvcData> {
  const doubts: Doubt[] = [];
  const verifier = new DvcVerifier(folder, await usableCache(recorded, config, folder, doubts));
  const differences: Difference[] = [];
  const pins = new Map<string, NonNullable<FoundArtifact['source']>>();
  for (const one of recorded) {
    const { record } = one;
    const wrong = await verifier.cached(record);
    if (wrong !== undefined) differences.push({ ...wrong, where: record.where, isCached: true });
    const found = await verifier.workspace(record);
    if (found.state === 'different' && one.role === 'data')
      differences.push({ ...found, where: record.where, isCached: false });
    else if (found.state !== 'same') doubts.push(...doubtAbout(one, found));
    else if (one.role === 'data') {
      const sha256 = await pinOf(record, found.sha256, folder, doubts);
      const uri = one.uri ?? `dvc:md5:${record.md5}${record.isFolder ? '.dir' : ''}`;
      if (sha256 !== undefined) pins.set(record.path, { uri, sha256 });
    }
  }
  if (differences.length > 0) throw mismatch(differences);
  return { pins, doubts };
}

interface Difference {
  readonly path: string;
  readonly what: string;
  readonly where: string;
  readonly isCached: boolean;
}

function mismatch(differences: readonly Difference[]): PipelineError {
  const unique = [...new Map(differences.map((one) => [one.path, one])).values()];
  const [first, ...more] = unique;
  const words = ({ path, what, isCached }: Difference): string =>
    isCached ? `the object \`${path}\` of DVC's cache ${what}` : `\`${path}\` ${what}`;
  const rest = more.slice(0, mostListed).map((one) => `\n  ${words(one)}`);
  const unlisted = more.length > mostListed ? `\n  and ${more.length - mostListed} more` : '';
  return new PipelineError(
    'HF_ADOPT_MISMATCH',
    `${first === undefined ? '' : words(first)}${rest.join('')}${unlisted}`,
    {
      where: first?.where ?? '',
      ...(first?.isCached === true ? { fix: 'remove the object; `dvc fetch` brings the recorded one back' } : {}),
    },
  );
}

/** The cache as a path of the project, when it lies in it. */
async function usableCache(
  recorded: readonly Recorded[],
  { cache, cacheSetting }: DvcConfig,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<string | undefined> {
  if (recorded.length === 0) return undefined;
  const real = cache === undefined ? undefined : await realpath(join(folder.path, cache)).catch(() => undefined);
  const root = await realpath(folder.path);
  if (real !== undefined && !relative(root, real).startsWith('..')) return cache;
  if (real !== undefined || cacheSetting !== undefined) {
    doubts.push({ where: '.dvc/config', what: 'keeps the cache outside of the project: its objects are not verified' });
  }
  return undefined;
}

function doubtAbout({ record, role }: Recorded, found: Awaited<ReturnType<DvcVerifier['workspace']>>): Doubt[] {
  const { path, where } = record;
  if (found.state === 'missing') {
    const what = `${shown(path)} is not here: \`dvc checkout\` or \`dvc pull\` brings it`;
    return role === 'data' ? [{ where, what }] : [];
  }
  if (found.state === 'unknown') return [{ where, what: `${shown(path)} ${found.what}: it is not verified` }];
  if (found.state === 'same') return [];
  if (role === 'code') return [{ where, what: `${shown(path)} was changed since DVC ran it` }];
  return [{ where, what: `${shown(path)} is not what DVC made: its stage makes it again` }];
}

/** SHA-256 as a run compares it; the bytes must be those whose MD5 was compared. */
async function pinOf(
  { path, where }: DvcRecord,
  verified: ReadonlyMap<string, string>,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<string | undefined> {
  const digest = await digestArtifact(join(folder.path, path), { force: true }).catch((error: unknown) => {
    if (!(error instanceof EvidenceError)) throw error;
    const fix = error.code === 'HF_DIGEST_SYMLINK' ? ': `dvc config cache.type copy`, `dvc checkout --relink`' : '';
    doubts.push({ where, what: `${shown(path)} cannot be pinned, ${error.message}${fix}` });
    return undefined;
  });
  if (digest === undefined) return undefined;
  if (!isWhatWasVerified(digest, verified)) {
    throw new PipelineError('HF_ADOPT_MISMATCH', `\`${path}\` changed while it was read`, {
      where,
      fix: 'stop what writes to it, and run `holdfast init` again',
    });
  }
  return digest.digests.sha256;
}

function isWhatWasVerified(digest: ArtifactDigest, verified: ReadonlyMap<string, string>): boolean {
  if (digest.kind === 'file') return verified.get('') === digest.digests.sha256;
  return digest.files.every(({ name, sha256 }) => verified.get(name) === sha256);
}
