import type { Trust } from '@holdfast/evidence/trust';
import { openView, type Project } from '../project.ts';
import { replayDecisions, verifyArchive } from '../verify-archive.ts';
import { computeLineage } from './compute-lineage.ts';
import type { Lineage } from './lineage.ts';

/**
 * What the evidence of a project shows: all of it is verified, and the decisions that stand are computed again.
 *
 * @throws as `openView`, where there is no ledger that can be read
 */
export async function projectLineage(project: Project): Promise<Lineage> {
  const { view, reader } = await openView(project);
  const title = project.config.project;
  const lineage = computeLineage(view, title);
  const problems = new Map<string, string>();
  for (const { id } of lineage.decisions) {
    const [replayed] = await replayDecisions(view, reader, id);
    if (replayed?.problem !== undefined) problems.set(id, replayed.problem);
  }
  return problems.size === 0 ? lineage : computeLineage(view, title, problems);
}

/**
 * The same of an archive, with nothing but a trust file.
 *
 * @throws as `verifyArchive`
 */
export async function archiveLineage(file: string, trust: Trust): Promise<Lineage> {
  const { view, decisions } = await verifyArchive(file, trust);
  const problems = new Map(
    decisions.flatMap(({ id, problem }) => (problem === undefined ? [] : [[id, problem] as const])),
  );
  return computeLineage(view, view.origin, problems);
}
