import { type Doubt, type FoundStage, shown } from './found.ts';
import { isInOneOf, OutputIndex } from './output-index.ts';
import { folderOf } from './project-path.ts';

/** All that a stage writes. */
export const outputsOf = ({ outputs, metrics }: FoundStage): readonly string[] =>
  metrics === undefined ? outputs : [...outputs, metrics];

/**
 * Stages that can be run together: no output is written by two or lies in another, and none waits for itself. The one
 * that came later is left out, and said.
 */
export function fittingStages(stages: readonly FoundStage[], doubts: Doubt[]): readonly FoundStage[] {
  return withoutCircles(
    withoutSharedOutputs(
      stages.map((stage) => withoutNestedOutputs(stage, doubts)),
      doubts,
    ),
    doubts,
  );
}

function withoutNestedOutputs(stage: FoundStage, doubts: Doubt[]): FoundStage {
  const all = new Set(outputsOf(stage));
  const isNested = (path: string): boolean => isInOneOf(folderOf(path), all);
  const metrics = stage.metrics !== undefined && isNested(stage.metrics) ? undefined : stage.metrics;
  if (metrics !== stage.metrics) {
    doubts.push({
      where: stage.from,
      what: `${shown(stage.metrics ?? '')} lies in another output: not metrics of ${shown(stage.name)}`,
    });
  }
  return { ...stage, outputs: stage.outputs.filter((path) => !isNested(path)), metrics };
}

function withoutSharedOutputs(stages: readonly FoundStage[], doubts: Doubt[]): readonly FoundStage[] {
  const owners = new OutputIndex();
  return stages.filter((stage) => {
    const [path, owner] =
      outputsOf(stage).flatMap((one) => [...owners.overlapping(one)].map((name) => [one, name] as const))[0] ?? [];
    if (path !== undefined && owner !== undefined) {
      doubts.push({
        where: stage.from,
        what: `${shown(stage.name)} is left out: ${shown(owner)} writes ${shown(path)} as well`,
      });
      return false;
    }
    for (const output of outputsOf(stage)) owners.add(output, stage.name);
    return true;
  });
}

function withoutCircles(stages: readonly FoundStage[], doubts: Doubt[]): readonly FoundStage[] {
  let kept = stages;
  for (;;) {
    const circle = circleIn(kept);
    if (circle === undefined) return kept;
    const latest = kept.findLast(({ name }) => circle.includes(name));
    if (latest === undefined) return kept;
    const way = [...circle, circle[0] ?? ''].join(' → ');
    doubts.push({ where: latest.from, what: `${shown(latest.name)} is left out: it would wait for itself, ${way}` });
    kept = kept.filter((stage) => stage !== latest);
  }
}

/** The names of stages that wait for each other in a circle. */
function circleIn(stages: readonly FoundStage[]): readonly string[] | undefined {
  const owners = new OutputIndex();
  for (const stage of stages) for (const path of outputsOf(stage)) owners.add(path, stage.name);
  const needs = new Map(
    stages.map(({ name, inputs }) => [name, new Set(inputs.flatMap((path) => [...owners.overlapping(path)]))]),
  );
  const state = new Map<string, 'open' | 'done'>();
  for (const { name } of stages) {
    const path: { name: string; rest: string[] }[] = [{ name, rest: [...(needs.get(name) ?? [])] }];
    if (state.has(name)) continue;
    state.set(name, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.name, 'done');
        path.pop();
      } else if (state.get(next) === 'open') {
        return path.slice(path.findIndex((one) => one.name === next)).map((one) => one.name);
      } else if (!state.has(next)) {
        state.set(next, 'open');
        path.push({ name: next, rest: [...(needs.get(next) ?? [])] });
      }
    }
  }
  return undefined;
}
