import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classifications } from '@holdfast/contracts';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { classificationOfPath } from './access.ts';
import { PipelineError } from './errors.ts';
import type { Project } from './project.ts';

/** The check whose metric `class` says how confidential something is. */
export const classifyName = 'data.classify';

/** Where a project says what it demands of stages; without the file `runPolicy` counts. */
export const runPolicyPath = 'policy/run.cedar';

/** An input of a stage, and how confidential it is: `unknown` where it was to be measured and is not. */
export interface ClassedInput {
  readonly name: string;
  readonly digest: DigestSet;
  readonly level: number | 'unknown';
}

/** What is known of how confidential an input is: the higher of what is declared and what was measured last. */
export function classOf(
  project: Project,
  {
    path,
    artifact,
    digest,
  }: { readonly path: string; readonly artifact: string | undefined; readonly digest: DigestSet },
  reports: readonly CheckPredicate[],
): ClassedInput | undefined {
  const declared = classificationOfPath(project, path);
  const newest = reports.at(-1);
  const isAsked = (project.config.checks[artifact ?? ''] ?? []).some(({ name }) => name === classifyName);
  const input = { name: artifact ?? path, digest };
  if (newest === undefined && isAsked) return { ...input, level: 'unknown' };
  const measured = newest === undefined ? [] : [measuredBy(newest)];
  if (measured.includes('unknown')) return { ...input, level: 'unknown' };
  const levels = [...(declared === undefined ? [] : [classifications.indexOf(declared)]), ...(measured as number[])];
  return levels.length === 0 ? undefined : { ...input, level: Math.max(...levels) };
}

/** A report that is `unknown`, or lacks a class that there is, has found out nothing. */
function measuredBy({ verdict, metrics }: CheckPredicate): number | 'unknown' {
  const level = metrics['class'];
  const isLevel = level !== undefined && Number.isInteger(level) && level >= 0 && level < classifications.length;
  return verdict === 'unknown' || !isLevel ? 'unknown' : level;
}

/** The reports of `data.classify` on these bytes, the newest last. */
export const classReports = (view: EvidenceView, digest: DigestSet): readonly CheckPredicate[] =>
  view.evidence.flatMap((piece) => {
    const report = evidenceAs('check', piece)?.statement;
    const isOne = report?.predicate.check.name === classifyName && report.predicate.origin === 'measured';
    return isOne && report.subject.some((subject) => sameDigests(subject.digest, digest)) ? [report.predicate] : [];
  });

/** The text of the project's policy for stages, where it has one. @throws PipelineError HF_STAGE_CLASS */
export async function ownRunPolicy({ folder }: Project): Promise<string | undefined> {
  const file = join(folder, runPolicyPath);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new PipelineError('HF_STAGE_CLASS', `\`${runPolicyPath}\` cannot be read`, { where: file, cause });
  }
}
