import type { EvidenceView } from '@holdfast/evidence/view';
import type { Project } from '../project.ts';
import { digestPaths } from '../stage-files.ts';
import type { DeclaredSource, SourceTarget } from './declared-source.ts';
import { sourceReports } from './described-source.ts';

/** Bytes that a source has given. */
export interface KnownBytes {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number | undefined;
}

/** What is known of a source before it is asked. */
export interface Known {
  /** What may be used: what is pinned, else what lies at its place. */
  readonly accepted: KnownBytes | undefined;
  /** What evidence has said of it last. */
  readonly last: KnownBytes | undefined;
}

export async function knownBytes(
  { name, sha256 }: DeclaredSource,
  { path }: SourceTarget,
  { folder }: Project,
  view: EvidenceView,
): Promise<Known> {
  const reports = sourceReports(name, view).flatMap(({ statement }) => {
    const digest = statement.subject[0]?.digest['sha256'];
    return digest === undefined ? [] : [{ sha256: digest, bytes: statement.predicate.metrics['bytes'] }];
  });
  const here = sha256 ?? (await digestPaths(folder, [path])).get(path)?.digests.sha256;
  const accepted =
    here === undefined ? undefined : (reports.find((one) => one.sha256 === here) ?? { sha256: here, bytes: undefined });
  return { accepted, last: reports.at(-1) };
}
