import type { Lineage } from './lineage.ts';
import { linksOf, reachable } from './links.ts';
import { piecesBehind } from './pieces.ts';

/**
 * The ancestors and the descendants of some artifacts, and nothing else.
 *
 * @param subjects ids of artifacts of the lineage
 */
export function selectLineage(lineage: Lineage, subjects: readonly string[]): Lineage {
  const { artifacts, runs, decisions, parts } = lineage;
  const { next, previous } = linksOf(runs, parts);
  const kept = new Set([...reachable(subjects, previous), ...reachable(subjects, next)]);
  const isKept = ({ id }: { readonly id: string }): boolean => kept.has(id);
  const nodes = {
    artifacts: artifacts.filter(isKept),
    runs: runs.filter(isKept),
    decisions: decisions.filter(({ artifact }) => kept.has(artifact)),
  };
  return {
    ...lineage,
    ...nodes,
    evidence: piecesBehind(nodes),
    parts: parts.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    subjects,
  };
}
