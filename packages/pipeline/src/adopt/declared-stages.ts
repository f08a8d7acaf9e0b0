import type { CodeReader } from './code.ts';
import { commandPaths } from './command-paths.ts';
import { countOf, type Doubt, type FoundStage, shown } from './found.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, isWithin, overlaps } from './project-path.ts';
import { outputsOf } from './stage-order.ts';

const maximumShown = 3;

/**
 * A declared stage with the code that it runs among its inputs: who declares a stage often names the script, and not
 * what the script imports. Data that the code reads is only told: what a stage reads is its author's to say.
 */
export async function withCode(
  stage: FoundStage,
  folder: ProjectFolder,
  code: CodeReader,
  doubts: Doubt[],
): Promise<FoundStage> {
  const { scripts } = commandPaths(stage.command, '', folder);
  const readings = await Promise.all(scripts.map(({ path, base }) => code.read(path, base)));
  const isDeclared = (path: string): boolean =>
    [...stage.inputs, ...outputsOf(stage)].some((one) => isWithin(path, one));
  const files = [...new Set(readings.flatMap((reading) => reading.files))].filter((path) => !isDeclared(path));
  const where = stage.from;
  if (files.length > 0) {
    doubts.push({ where, what: `${shown(stage.name)} runs ${listed(files)} too: added to its inputs` });
  }
  const read = readings.flatMap(({ paths }) => paths).filter(({ use, isImported }) => use === 'read' && !isImported);
  const others = [...new Set(read.map(({ path }) => path))].filter(
    (path) =>
      !stage.inputs.some((one) => overlaps(one, path)) &&
      !isDeclared(path) &&
      (folder.isFile(path) || folder.isFolder(path)),
  );
  if (others.length > 0) {
    doubts.push({ where, what: `${shown(stage.name)} seems to read ${listed(others)}, which it does not declare` });
  }
  return { ...stage, inputs: [...stage.inputs, ...files] };
}

function listed(paths: readonly string[]): string {
  const more = paths.length - maximumShown;
  const names = paths
    .slice(0, maximumShown)
    .map((path) => shown(path))
    .join(', ');
  return more > 0 ? `${names} and ${countOf(more, 'more file')}` : names;
}

/** Programs and notebooks that a command names. */
export function programsOf(command: string, folder: ProjectFolder): readonly string[] {
  const { scripts, reads } = commandPaths(command, '', folder);
  return [...scripts.map(({ path }) => path), ...reads.filter(isProgram)];
}

/** Code that stages run or declare, and which stage does: other sources need not make a stage of it. */
export function coveredFiles(stages: readonly FoundStage[], folder: ProjectFolder): ReadonlyMap<string, string> {
  const covered = new Map<string, string>();
  for (const { name, command, inputs, from } of stages) {
    const by = `${shown(name)} of ${baseOf(from).replace(/:[0-9]+$/, '')}`;
    for (const path of [...programsOf(command, folder), ...inputs.filter(isProgram)]) {
      if (!covered.has(path)) covered.set(path, by);
    }
  }
  return covered;
}

const isProgram = (path: string): boolean => /\.(?:py|ipynb|sh|R|[cm]?[jt]s)$/.test(path);
