import { type CodeReader, type CodeReading } from './code.ts';
import { type CommandPaths, commandPaths } from './command-paths.ts';
import { type Doubt, type Origin, shown } from './found.ts';
import type { Guess } from './guessed-outputs.ts';
import { nameFrom, untaken } from './names.ts';
import { type ProjectFolder, unreadable } from './project-folder.ts';
import { insideProject } from './project-path.ts';
import { mapOf, type PythonMap, type PythonValue, pythonText, shellQuoted, textOf } from './python-value.ts';
import { readPythonYaml } from './python-yaml.ts';

/** An entry point of an `MLproject`, with its default parameters in its command. */
export interface EntryPoint {
  readonly name: string;
  readonly command: string;
  /** Values of parameters of the type `path`. */
  readonly paths: readonly string[];
}

/** What an `MLproject` says (MLflow, Projects: MLproject file). */
export interface MlProject {
  readonly entryPoints: readonly EntryPoint[];
  /** Files that describe the environment. */
  readonly environment: readonly string[];
  readonly doubts: readonly string[];
}

const knownKeys = new Set(['name', 'entry_points', 'python_env', 'conda_env', 'docker_env']);
const maximumEntryPoints = 200;

/**
 * Reads an `MLproject` as MLflow does: YAML 1.1, and `{parameter}` in a command stands for its default, quoted for the
 * shell (mlflow/projects/_project_spec.py). An entry point with a parameter that has no default is left out, and said.
 *
 * @param where what problems are reported against
 * @throws PipelineError HF_ADOPT_UNREADABLE
 */
export function readMlProject(text: string, where: string): MlProject {
  const read = readPythonYaml(text, where, 'pyyaml');
  if (!(read instanceof Map)) throw unreadable(where, 'is no mapping');
  const project = mapOf(read);
  const doubts = [...project.keys()]
    .filter((key) => !knownKeys.has(key))
    .map((key) => `${shown(key)} is not understood`);
  const entryPoints: EntryPoint[] = [];
  for (const [name, value] of [...mapOf(project.get('entry_points'))].slice(0, maximumEntryPoints)) {
    const entry = entryPoint(name, mapOf(value));
    if (typeof entry === 'string') doubts.push(`the entry point ${shown(name)} ${entry}: left out`);
    else entryPoints.push(entry);
  }
  const environment = ['python_env', 'conda_env'].flatMap((key) => textOf(project.get(key)) ?? []);
  if (project.has('docker_env')) doubts.push('`docker_env` is not used: commands run on this machine');
  return { entryPoints, environment, doubts };
}

/** An entry point, or why it cannot be one. */
function entryPoint(name: string, entry: PythonMap): EntryPoint | string {
  const command = textOf(entry.get('command'));
  if (command === undefined) return 'has no command';
  const values = new Map<string, string>();
  const paths: string[] = [];
  for (const [parameter, declared] of mapOf(entry.get('parameters'))) {
    const { type, fallback } = parameterOf(declared);
    const text = fallback === undefined || fallback === null ? undefined : pythonText(fallback);
    if (text === undefined) return `needs a value for ${shown(parameter)}`;
    values.set(parameter, text);
    if (type === 'path' || type === 'uri') paths.push(text);
  }
  const formatted = formatCommand(command.trim().replaceAll(/\\\n\s*/g, ''), values);
  if (formatted === undefined) return `has a command that is not understood: ${shown(command)}`;
  return { name, command: formatted, paths };
}

function parameterOf(declared: PythonValue): { type: string; fallback: PythonValue | undefined } {
  if (typeof declared === 'string') return { type: declared, fallback: undefined };
  const map = mapOf(declared);
  return { type: textOf(map.get('type')) ?? 'string', fallback: map.get('default') };
}

/** `str.format` of Python with names only, on one line; each value is quoted for the shell. */
function formatCommand(command: string, values: ReadonlyMap<string, string>): string | undefined {
  let result = '';
  for (let at = 0; at < command.length; ) {
    const character = command[at] ?? '';
    if ((character === '{' || character === '}') && command[at + 1] === character) {
      result += character;
      at += 2;
    } else if (character === '{') {
      const end = command.indexOf('}', at);
      const value = end === -1 ? undefined : values.get(command.slice(at + 1, end));
      if (value === undefined) return undefined;
      result += shellQuoted(value);
      at = end + 1;
    } else if (character === '}') return undefined;
    else {
      result += character;
      at += 1;
    }
  }
  return result === '' || result.includes('\n') ? undefined : result;
}

export interface MlflowGuesses {
  readonly guesses: readonly Guess[];
  readonly origins: readonly Origin[];
  readonly doubts: readonly Doubt[];
}

/** A stage for each entry point of the `MLproject` at the top, with its default parameters. */
export async function mlflowGuesses(folder: ProjectFolder, code: CodeReader): Promise<MlflowGuesses> {
  const file = folder.files.find((path) => path.toLowerCase() === 'mlproject');
  const text = file === undefined ? undefined : await folder.read(file);
  if (file === undefined || text === undefined) return { guesses: [], origins: [], doubts: [] };
  const project = readMlProject(text, file);
  const doubts: Doubt[] = project.doubts.map((what) => ({ where: file, what }));
  const needs = environmentFiles(project, file, folder, doubts);
  const guesses: Guess[] = [];
  const names = new Set<string>();
  for (const entry of project.entryPoints) {
    const { scripts, reads, writes, mentions } = commandPaths(entry.command, '', folder);
    const reading = withMentions(await readScripts(scripts, code), mentions, file);
    const what = whatMlflowDoes(reading);
    if (what !== undefined) doubts.push({ where: file, what: `${shown(entry.name)} ${what}` });
    if (what?.endsWith('left out') === true) continue;
    const name = untaken(nameFrom(entry.name, 'main'), (one) => names.has(one));
    names.add(name);
    const all = [...new Set([...reads, ...declaredPaths(entry).filter((path) => !writes.includes(path))])];
    const runs = scripts.map(({ path }) => path);
    guesses.push({
      name,
      command: entry.command,
      kind: 'mlflow',
      from: file,
      runs,
      reading,
      reads: all,
      writes,
      needs,
    });
  }
  const why = 'from entry points with their defaults; inputs and outputs guessed';
  return { guesses, origins: [{ kind: 'mlflow', file, stages: guesses.map(({ name }) => name), why }], doubts };
}

const declaredPaths = ({ paths }: EntryPoint): readonly string[] =>
  paths.flatMap((path) => insideProject('', path) ?? []).filter((path) => path !== '');

const withMentions = (reading: CodeReading, mentions: readonly string[], where: string): CodeReading => ({
  ...reading,
  paths: [
    ...reading.paths,
    ...mentions.map((path) => ({ path, use: 'mention', callee: undefined, where, isImported: false }) as const),
  ],
});

/** What code of an entry point leaves to MLflow. */
function whatMlflowDoes({ calls, modules }: CodeReading): string | undefined {
  if (calls.has('mlflow.run') || calls.has('projects.run')) return 'runs other entry points itself: left out';
  return modules.has('mlflow') ? 'logs to MLflow: what that keeps (`mlruns`, `mlflow.db`) is not an output' : undefined;
}

function environmentFiles({ environment }: MlProject, file: string, folder: ProjectFolder, doubts: Doubt[]): string[] {
  return environment.flatMap((path) => {
    const inside = insideProject('', path);
    const isThere = inside !== undefined && folder.isFile(inside);
    const rest = isThere ? 'activate it before `holdfast run`' : 'it is not there';
    doubts.push({ where: file, what: `asks for the environment ${shown(path)}: ${rest}` });
    return isThere ? [inside] : [];
  });
}

async function readScripts(scripts: CommandPaths['scripts'], code: CodeReader): Promise<CodeReading> {
  const all: CodeReading[] = [];
  for (const { path, base } of scripts) all.push(await code.read(path, base));
  return {
    files: [...new Set(all.flatMap(({ files }) => files))],
    paths: all.flatMap(({ paths }) => paths),
    modules: new Set(all.flatMap(({ modules }) => [...modules])),
    calls: new Set(all.flatMap(({ calls }) => [...calls])),
    doubts: all.flatMap(({ doubts }) => doubts),
  };
}
