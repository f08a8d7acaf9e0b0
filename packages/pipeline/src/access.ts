import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Classification, HoldfastConfig } from '@holdfast/contracts';
import { classificationOf } from '@holdfast/contracts';
import { isMoreOpen } from '@holdfast/contracts/confidentiality';
import type { Signer } from '@holdfast/evidence/keys';
import type { Access } from '@holdfast/evidence/predicates/access';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, type Recorder, recordEvidence, signStatement } from '@holdfast/evidence/record';
import { type DigestSet, type Statement, statementOf } from '@holdfast/evidence/statement';
import type { CheckedArtifact } from './checked-artifact.ts';
import type { Configuration } from './configuration.ts';
import { systemCode } from './execution/disk.ts';

/** Something that is about to be read. */
export interface ReadPath {
  /** As the evidence names it: an artifact, or a path in the project. */
  readonly name: string;
  /** Posix, relative to the project. */
  readonly path: string;
  readonly digest: DigestSet;
}

/** What it is read for. */
export type Purpose = Access['purpose'];

/**
 * The statements about what of `paths` is confidential: that it is read now, or why it is not.
 *
 * @param refusal why nothing of it is handed over
 */
export function accessStatements(
  { config, folder }: Pick<Configuration, 'config' | 'folder'>,
  paths: readonly ReadPath[],
  purpose: Purpose,
  refusal?: unknown,
): readonly Statement<Access>[] {
  const accessedOn = new Date().toISOString();
  const outcome = refusal === undefined ? 'read' : 'refused';
  const why = refusal === undefined ? {} : { reason: reasonOf(refusal) };
  return paths.flatMap(({ name, path, digest }) => {
    const classification = classificationOfPath({ config, folder }, path);
    if (classification !== 'confidential' && classification !== 'restricted') return [];
    const access = { purpose, classification, outcome, ...why, accessedOn } as const;
    return [statementOf(predicateTypes.access, [{ name, digest: { ...digest } }], access)];
  });
}

/**
 * Puts on record that what is confidential is read, before its first byte is handed over. Where that cannot be signed
 * it must not be read.
 *
 * @throws what `recordEvidence` throws
 */
export async function leaveAccess(
  statements: readonly Statement<Access>[],
  signer: Signer,
  recorder: Recorder,
): Promise<readonly RecordedEvidence[]> {
  if (statements.length === 0) return [];
  return recordEvidence(await Promise.all(statements.map(async (one) => signStatement(one, signer))), recorder);
}

/** The statements about what a check reads: its artifact, and what its options name. */
export function checkAccess(
  project: Pick<Configuration, 'config' | 'folder'>,
  read: readonly CheckedArtifact[],
  check: string,
): readonly Statement<Access>[] {
  const paths = read.map(({ name, path, digest }) => {
    return { name, path: relative(project.folder, path).split(sep).join('/'), digest: { ...digest.digests } };
  });
  return accessStatements(project, paths, { kind: 'check', name: check });
}

/**
 * How confidential a path is, whoever names it how: as the most confidential artifact that it is, holds or lies in.
 *
 * @param path posix, relative to the project; '' is the project itself
 */
export function classificationOfPath(
  { config, folder }: Pick<Configuration, 'config' | 'folder'>,
  path: string,
): Classification | undefined {
  return closestOf(config, [path, behindLinks(folder, path)]);
}

/** How confidential paths are: as the most confidential artifact that one of them holds or lies in. */
function closestOf(config: HoldfastConfig, paths: readonly string[]): Classification | undefined {
  let closest: Classification | undefined;
  for (const [artifact, { path: own }] of Object.entries(config.artifacts)) {
    if (!paths.some((path) => path === '' || own === path || own.startsWith(`${path}/`) || path.startsWith(`${own}/`)))
      continue;
    const found = classificationOf(config, artifact);
    if (found !== undefined && (closest === undefined || isMoreOpen(closest, found))) closest = found;
  }
  return closest;
}

/** The same path without links, so that none is a way around. */
function behindLinks(folder: string, path: string): string {
  try {
    return relative(realpathSync(folder), realpathSync(join(folder, path)))
      .split(sep)
      .join('/');
  } catch {
    return path;
  }
}

function reasonOf(refusal: unknown): string {
  const message = refusal instanceof Error ? refusal.message : String(refusal);
  const code = systemCode(refusal);
  return `${code === '' ? '' : `${code}: `}${message}`.slice(0, 1000);
}
