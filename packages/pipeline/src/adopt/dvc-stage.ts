import type { DvcStage } from './dvc-expansion.ts';
import { type Doubt, type FoundStage, shown } from './found.ts';
import { isMetricsFile } from './metrics-file.ts';
import { nameFrom } from './names.ts';
import type { ProjectFolder } from './project-folder.ts';
import { folderOf, insideProject } from './project-path.ts';
import { listOf, mapOf, type PythonMap, type PythonValue, shellQuoted, textOf } from './python-value.ts';
import { behindCommands, joinCommands } from './shell-commands.ts';
import { toolchainOf } from './toolchain.ts';

/** A stage of DVC in the words of `holdfast.yaml`. */
export interface DvcFoundStage {
  readonly dvcName: string;
  /** Folder that its paths in `dvc.lock` count from. */
  readonly base: string;
  readonly isFrozen: boolean;
  readonly stage: FoundStage;
}

const knownFields = new Set('cmd wdir deps outs params metrics plots frozen meta desc always_changed'.split(' '));
/** What an output may say that changes nothing for a run: where it is kept and how it is drawn. */
const harmlessFlags = new Set(
  'cache remote push desc type labels meta template x y x_label y_label title header'.split(' '),
);
/** A command of `holdfast.yaml` is one line of at most so many characters. */
const maximumCommand = 4096;

/**
 * A stage of a `dvc.yaml` (DVC, dvc.yaml files: Stage entries). What has no counterpart is told.
 *
 * @returns `undefined` when it cannot be a stage; the reason is told
 */
export async function dvcStage(
  { name, definition, folder: base }: DvcStage,
  file: string,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<DvcFoundStage | undefined> {
  const tell = (what: string): void => void doubts.push({ where: file, what: `${shown(name)} ${what}` });
  const command = base === undefined ? undefined : commandOf(definition.get('cmd'), base);
  if (base === undefined || command === undefined) {
    tell(
      base === undefined ? 'runs outside of the project: left out' : 'has a command that is not understood: left out',
    );
    return undefined;
  }
  tellFields(definition, tell);
  return {
    dvcName: name,
    base,
    isFrozen: definition.get('frozen') === true,
    stage: {
      name: nameFrom(baseName(file, name), 'stage'),
      command,
      toolchain: await toolchainOf(command, folder),
      ...(await filesOf(definition, base, folder, tell)),
      kind: 'dvc',
      from: file,
      description: textOf(definition.get('desc')),
    },
  };
}

async function filesOf(
  definition: PythonMap,
  base: string,
  folder: ProjectFolder,
  tell: (what: string) => void,
): Promise<Pick<FoundStage, 'inputs' | 'outputs' | 'metrics'>> {
  const inputs = [...pathsOf(definition.get('deps'), base, 'reads', tell), ...parameterFiles(definition, base, tell)];
  const outputs = ['outs', 'plots'].flatMap((key) => pathsOf(definition.get(key), base, 'writes', tell));
  const reported = pathsOf(definition.get('metrics'), base, 'writes', tell);
  const metrics = await metricsOf(reported, folder, tell);
  return {
    inputs: [...new Set(inputs)],
    outputs: [...new Set([...outputs, ...reported.filter((path) => path !== metrics)])],
    metrics,
  };
}

/** Stages of a `dvc.yaml` in a folder carry the folder's name. */
const baseName = (file: string, name: string): string =>
  folderOf(file) === '' ? name : `${folderOf(file).replaceAll('/', '-')}-${name}`;

/** DVC runs each line of a command, or each command of a list, in a shell of its own, and stops at a failure. */
function commandOf(given: PythonValue | undefined, base: string): string | undefined {
  const lines = Array.isArray(given) ? (given as readonly PythonValue[]) : (textOf(given)?.split(/\r?\n/) ?? []);
  if (!lines.every((line) => typeof line === 'string')) return undefined;
  const joined = joinCommands(lines.map((text) => ({ text, ignoreErrors: false })));
  if (joined === undefined || joined.text === '') return undefined;
  const command = behindCommands(base === '' ? [] : [`cd ${shellQuoted(base)}`], joined);
  return command.length > maximumCommand ? undefined : command;
}

function tellFields(definition: PythonMap, tell: (what: string) => void): void {
  for (const field of definition.keys())
    if (!knownFields.has(field)) tell(`says ${shown(field)}, which is not understood`);
  if (definition.get('frozen') === true) tell('is frozen: not a stage here, what it made is taken as data');
  if (definition.get('always_changed') === true) tell('always runs in DVC: here with `holdfast run --force`');
}

/** Paths, or mappings from paths to what is said about them. */
function pathsOf(
  list: PythonValue | undefined,
  base: string,
  does: 'reads' | 'writes',
  tell: (what: string) => void,
): string[] {
  return listOf(list).flatMap((item) => {
    const entries: [string, PythonValue][] = typeof item === 'string' ? [[item, null]] : [...mapOf(item)];
    return entries.flatMap(([written, flags]) => {
      tellFlags(written, flags, tell);
      const path = insideProject(base, written);
      if (path !== undefined && path !== '') return [path];
      tell(`${does} ${shown(written)}, ${path === '' ? 'the whole project' : 'outside of the project'}: left out`);
      return [];
    });
  });
}

function tellFlags(path: string, flags: PythonValue, tell: (what: string) => void): void {
  for (const [flag, value] of mapOf(flags)) {
    if (flag === 'persist' && value === true)
      tell(`builds on the ${shown(path)} of its last run, which is set aside here`);
    else if (!harmlessFlags.has(flag) && flag !== 'persist')
      tell(`says ${shown(flag)} of ${shown(path)}, which is not understood`);
  }
}

/** `params`: keys of `params.yaml`, or of the files that are named. The files are inputs. */
function parameterFiles(definition: PythonMap, base: string, tell: (what: string) => void): string[] {
  const files = new Set<string>();
  for (const item of listOf(definition.get('params'))) {
    if (typeof item === 'string') files.add('params.yaml');
    else for (const file of mapOf(item).keys()) files.add(file);
  }
  return pathsOf([...files], base, 'reads', tell);
}

/** The first of the metrics that is, or can become, a flat JSON object of numbers. */
async function metricsOf(
  paths: readonly string[],
  folder: ProjectFolder,
  tell: (what: string) => void,
): Promise<string | undefined> {
  let chosen: string | undefined;
  for (const path of paths) {
    const isMetrics = await isMetricsFile(path, folder);
    if (isMetrics === false) tell(`has metrics in ${shown(path)}, which is no flat JSON of numbers: an output only`);
    else if (chosen === undefined) chosen = path;
    else tell(`has metrics in ${shown(path)} as well: an output only`);
  }
  return chosen;
}
