import type { DigestSet } from '@holdfast/evidence/statement';
import { PipelineError } from '../errors.ts';
import { artifactNode } from './artifact-book.ts';
import type { Lineage } from './lineage.ts';

const digestPattern = /^(?:(sha256|dirHash):)?([0-9a-f]{6,64})(?:…|\.\.\.)?$/;

/** The artifact with these digests, if evidence speaks of it. */
export function subjectWith({ artifacts }: Lineage, digest: DigestSet): string | undefined {
  const id = artifactNode(digest);
  return artifacts.some((artifact) => artifact.id === id) ? id : undefined;
}

/**
 * The artifacts that somebody means: by a name or a path that evidence gives, which may be that of several versions, or
 * by a digest or the beginning of one, which must be that of one.
 *
 * @returns ids of artifacts, at least one
 * @throws PipelineError HF_ARTIFACT_UNKNOWN
 */
export function findSubjects({ artifacts }: Lineage, wanted: string): readonly string[] {
  const named = artifacts.filter(({ names, paths }) => names.includes(wanted) || paths.includes(wanted));
  if (named.length > 0) return named.map(({ id }) => id);
  const [, algorithm, prefix] = digestPattern.exec(wanted) ?? [];
  if (prefix === undefined) throw unknown(`no evidence speaks of an artifact \`${wanted}\``);
  const begun = artifacts.filter(({ digest }) =>
    Object.entries(digest).some(([name, hex]) => (algorithm ?? name) === name && hex.startsWith(prefix)),
  );
  if (begun.length === 0) throw unknown(`no evidence speaks of a digest that begins with \`${wanted}\``);
  if (begun.length > 1) throw unknown(`the digests of ${begun.length} artifacts begin with \`${wanted}\``, moreOfIt);
  return begun.map(({ id }) => id);
}

const moreOfIt = 'give more of the digest: `holdfast lineage --json` has them whole';

const unknown = (message: string, fix = '`holdfast lineage` shows every artifact that evidence speaks of') =>
  new PipelineError('HF_ARTIFACT_UNKNOWN', message, { fix });
