import { canonicalJson } from '@holdfast/evidence/canonical-json';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { RunPredicate } from '@holdfast/evidence/predicates/run';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { IsolationLevel } from '@holdfast/sandbox/isolation';
import type { ResourceTrace } from './execution/trace.ts';
import { isWeaker } from './isolation-demand.ts';
import type { DigestedFiles } from './stage-files.ts';
import type { StageNode } from './stage-graph.ts';

/** Whether a stage has to run, and why. */
export type StageState =
  | { readonly state: 'current'; readonly run: ReadEvidence<RunPredicate> }
  | { readonly state: 'due'; readonly reason: string };

type Run = ReadEvidence<RunPredicate>;

/** The runs of a stage that count, oldest first. */
export function runsOf(stage: StageNode, view: EvidenceView): readonly Run[] {
  return view.evidence.flatMap((piece) => {
    const run = evidenceAs('run', piece);
    const counts =
      run?.statement.predicate.buildDefinition.externalParameters.stage === stage.name &&
      (stage.owner === undefined || stage.owner === run.signerName);
    return run !== undefined && counts ? [run] : [];
  });
}

/**
 * Compares a stage with its evidence: it is current when a counting run had the same command, parameters and inputs,
 * and its outputs are what lies there now.
 *
 * @param inputs digests of what lies there now; incomplete when an earlier stage still has to run
 * @param staleAfterMs also due when the run is older than this
 * @param demanded also due when the run had a weaker isolation
 */
export function stageState(
  stage: StageNode,
  view: EvidenceView,
  inputs: DigestedFiles,
  outputs: DigestedFiles,
  due?: { readonly now: Date; readonly staleAfterMs: number },
  demanded: IsolationLevel = 'none',
): StageState {
  const runs = runsOf(stage, view);
  const newest = runs.at(-1);
  if (newest === undefined) return { state: 'due', reason: 'has never run' };
  const difference = (run: Run): string | undefined =>
    differenceFrom(run, stage, inputs, outputs) ?? weakness(run, demanded);
  const match = runs.findLast((run) => difference(run) === undefined);
  if (match === undefined) return { state: 'due', reason: difference(newest) ?? 'changed' };
  const age =
    due === undefined ? 0 : due.now.getTime() - Date.parse(match.statement.predicate.runDetails.metadata.finishedOn);
  if (due !== undefined && age > due.staleAfterMs) return { state: 'due', reason: 'its evidence is going stale' };
  return { state: 'current', run: match };
}

function weakness(run: Run, demanded: IsolationLevel): string | undefined {
  const { level } = run.statement.predicate.buildDefinition.internalParameters.isolation;
  return isWeaker(level, demanded) ? `it ran with isolation \`${level}\`, and \`${demanded}\` is demanded` : undefined;
}

function differenceFrom(run: Run, stage: StageNode, inputs: DigestedFiles, outputs: DigestedFiles): string | undefined {
  const { externalParameters, resolvedDependencies } = run.statement.predicate.buildDefinition;
  if (externalParameters.command !== stage.command) return 'its command changed';
  if (canonicalJson(externalParameters.parameters) !== canonicalJson(stage.parameters)) return 'its parameters changed';
  const inputsThen = resolvedDependencies.filter(({ annotations }) => annotations?.kind !== 'toolchain');
  const before = new Map(inputsThen.map(({ name, digest }) => [name, digest]));
  for (const { path } of stage.inputs) {
    const [now, then] = [inputs.get(path)?.digests, before.get(path)];
    if (now === undefined || then === undefined || !sameDigests(now, then)) return `\`${path}\` changed`;
  }
  if (before.size !== stage.inputs.length) return 'its inputs changed';
  for (const { path } of stage.outputs) {
    const now = outputs.get(path)?.digests;
    const then = externalParameters.outputs.find((output) => output.path === path)?.digest;
    if (now === undefined) return `\`${path}\` is missing`;
    if (then === undefined || !sameDigests(now, then)) return `\`${path}\` is not what the stage wrote`;
  }
  return undefined;
}

/** The resource traces of earlier runs of a stage, oldest first. */
export function earlierTraces(stage: StageNode, view: EvidenceView): readonly ResourceTrace[] {
  return runsOf(stage, view).map(
    (run) => run.statement.predicate.runDetails.holdfast_outcome.trace as unknown as ResourceTrace,
  );
}
