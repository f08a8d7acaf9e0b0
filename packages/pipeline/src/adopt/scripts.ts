import { type CodeReader, languageOf } from './code.ts';
import { type Doubt, type Origin, shown } from './found.ts';
import type { Guess } from './guessed-outputs.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, folderOf } from './project-path.ts';
import { shellQuoted } from './python-value.ts';

/** Folders in which stages are scripts by convention. */
const folders = ['', 'src', 'scripts', 'code', 'pipelines'];

type Role = 'prepare' | 'train' | 'evaluate';

/** Names of scripts that say which step they are, in the order in which steps run. */
const steps: readonly { readonly word: string; readonly role: Role; readonly pattern: RegExp }[] = [
  { word: 'make-dataset', role: 'prepare', pattern: /^make_?dataset$/ },
  { word: 'clean', role: 'prepare', pattern: /^clean/ },
  { word: 'prepare', role: 'prepare', pattern: /^(?:data_?)?prep(?:are|aration)?(?:$|_)/ },
  { word: 'preprocess', role: 'prepare', pattern: /^(?:data_?)?preprocess/ },
  { word: 'featurize', role: 'prepare', pattern: /^(?:featuri[sz]|build_features$)/ },
  { word: 'split', role: 'prepare', pattern: /^split/ },
  { word: 'train', role: 'train', pattern: /^train(?!_?test)/ },
  { word: 'fit', role: 'train', pattern: /^fit(?:$|_)/ },
  { word: 'main', role: 'train', pattern: /^main$/ },
  { word: 'evaluate', role: 'evaluate', pattern: /^eval/ },
  { word: 'test', role: 'evaluate', pattern: /^test$/ },
  { word: 'score', role: 'evaluate', pattern: /^scor(?:e|ing)/ },
  { word: 'predict', role: 'evaluate', pattern: /^(?:predict|infer)/ },
];

const endings = /\.(?:py|[cm]?[jt]s|sh)$/;

/** A script whose name says which step it is. */
interface NamedScript {
  readonly path: string;
  readonly word: string;
  readonly role: Role;
}

export interface ScriptGuesses {
  readonly guesses: readonly Guess[];
  readonly origins: readonly Origin[];
  readonly doubts: readonly Doubt[];
}

/** Scripts that another source runs already, or whose step it has. */
export interface Covered {
  readonly files: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

/**
 * Stages from scripts whose names say which step they are: `prepare.py`, `src/train.py`, `scripts/02_evaluate.sh`. One
 * for each word; a step that another source declares is left to it.
 */
export async function scriptGuesses(folder: ProjectFolder, code: CodeReader, covered: Covered): Promise<ScriptGuesses> {
  const guesses: Guess[] = [];
  const origins: Origin[] = [];
  const doubts: Doubt[] = [];
  const named = namedScripts(folder);
  const chosen = chooseScripts(named);
  for (const { path, word, role } of named) {
    const by = covered.files.get(path);
    const same = by ?? stageWithRole(role, covered.names);
    const leaveOut = (why: string): void => void origins.push({ kind: 'scripts', file: path, stages: [], why });
    if (by !== undefined) {
      origins.push({ kind: 'scripts', file: path, stages: [], why: `left out: ${by} runs it`, by });
    } else if (same !== undefined) {
      leaveOut(`left out: ${same} is this step already`);
    } else if (chosen.get(word) !== path) {
      doubts.push({ where: path, what: `is named like ${shown(chosen.get(word) ?? '')}: one of them was taken` });
    } else {
      const reading = await code.read(path, '');
      const reason = reasonAgainst(word, reading.calls, reading.modules, named);
      if (reason !== undefined) leaveOut(`left out: ${reason}`);
      else
        guesses.push({
          ...commandOf(path, folder),
          name: word,
          kind: 'scripts',
          from: path,
          runs: [path],
          reading,
          reads: [],
          writes: [],
        });
    }
  }
  return { guesses, origins, doubts };
}

function namedScripts(folder: ProjectFolder): readonly NamedScript[] {
  const scripts = folder.files.filter((path) => folders.includes(folderOf(path)) && endings.test(path));
  return steps.flatMap(({ word, role, pattern }) =>
    scripts
      .filter((path) => pattern.test(stem(path)) && !/\.(?:test|spec|config|d)\.[cm]?[jt]s$/.test(path))
      .map((path) => ({ path, word, role })),
  );
}

/** The name without its number and its ending: `02-train_model.py` is `train_model`. */
const stem = (path: string): string =>
  baseOf(path)
    .replace(endings, '')
    .replace(/^[0-9]+[_-]?/, '')
    .replaceAll('-', '_')
    .toLowerCase();

/** Of several for one word the shortest name, at the top before the folders. */
function chooseScripts(named: readonly NamedScript[]): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  const rank = (path: string): number => folders.indexOf(folderOf(path)) * 1000 + stem(path).length;
  for (const { path, word } of named) {
    const other = chosen.get(word);
    if (other === undefined || rank(path) < rank(other)) chosen.set(word, path);
  }
  return chosen;
}

/** A declared stage that is called like the step. */
function stageWithRole(role: Role, names: readonly string[]): string | undefined {
  const patterns = steps.filter((step) => step.role === role).map(({ pattern }) => pattern);
  const found = names.find((name) => patterns.some((pattern) => pattern.test(name.replaceAll('-', '_'))));
  return found === undefined ? undefined : shown(found);
}

/** What keeps a script with the right name from being a stage. */
function reasonAgainst(
  word: string,
  calls: ReadonlySet<string>,
  modules: ReadonlySet<string>,
  named: readonly NamedScript[],
): string | undefined {
  if (['pytest', 'unittest', 'vitest', 'node:test'].some((module) => modules.has(module))) return 'it holds tests';
  if (word === 'main' && named.some((other) => other.role === 'train' && other.word !== 'main')) {
    return 'another script trains';
  }
  const serves = ['uvicorn.run', 'app.run', 'FastAPI', 'Flask', 'streamlit.run'].find((call) => calls.has(call));
  return word === 'main' && serves !== undefined ? 'it is a service' : undefined;
}

const interpreters = { python: 'python', javascript: 'node', shell: 'sh' } as const;

function commandOf(path: string, folder: ProjectFolder): { command: string; needs: readonly string[] } {
  const language = languageOf(path) ?? 'shell';
  const isPython = language === 'python' && folder.isFile('requirements.txt');
  return { command: `${interpreters[language]} ${shellQuoted(path)}`, needs: isPython ? ['requirements.txt'] : [] };
}
