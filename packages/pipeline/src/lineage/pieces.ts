import type { EvidenceKind, Lineage } from './lineage.ts';

/** How many pieces of evidence stand behind some nodes, by kind; one that speaks of several is counted once. */
export function piecesBehind({
  artifacts,
  runs,
  decisions,
}: Pick<Lineage, 'artifacts' | 'runs' | 'decisions'>): Record<EvidenceKind, number> {
  const words = (kind: 'signatures' | 'approvals' | 'withdrawals'): number =>
    countOf(artifacts.flatMap((artifact) => artifact[kind].map(({ evidence }) => evidence)));
  return {
    runs: countOf(runs.flatMap(({ executions }) => executions.map(({ evidence }) => evidence))),
    checks: countOf(
      artifacts.flatMap(({ checks }) => checks.flatMap(({ evidence, earlier }) => [...earlier, evidence])),
    ),
    signatures: words('signatures'),
    approvals: words('approvals'),
    withdrawals: words('withdrawals'),
    decisions: countOf(decisions.flatMap(({ id, earlier }) => [...earlier, id])),
  };
}

const countOf = (ids: readonly string[]): number => new Set(ids).size;
