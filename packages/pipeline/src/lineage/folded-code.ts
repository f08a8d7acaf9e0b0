import type { Lineage, LineageArtifact, LineageRun } from './lineage.ts';
import type { Unshown } from './wording.ts';

/**
 * The artifacts that are told in a number at the runs that read them: code and configuration that nothing made and
 * nobody said anything about. They would be most of every picture.
 */
export function foldedCode({ artifacts, parts, subjects = [] }: Lineage): ReadonlySet<string> {
  const linked = new Set([...subjects, ...parts.flatMap(({ from, to }) => [from, to])]);
  return new Set(artifacts.filter((artifact) => isQuietCode(artifact) && !linked.has(artifact.id)).map(({ id }) => id));
}

/** What a run read that is folded, or that was not asked for. */
export function unshownInputs(
  { inputs }: LineageRun,
  folded: ReadonlySet<string>,
  isThere: (id: string) => boolean,
): Unshown {
  const code = inputs.filter((id) => folded.has(id)).length;
  return { code, others: inputs.filter((id) => !folded.has(id) && !isThere(id)).length };
}

function isQuietCode(artifact: LineageArtifact): boolean {
  const { kind, origin, checks, approvals, signatures, withdrawals, fromWithdrawn } = artifact;
  const words = checks.length + approvals.length + signatures.length + withdrawals.length;
  return (kind === 'code' || kind === 'configuration') && origin === 'unknown' && words === 0 && !fromWithdrawn;
}
