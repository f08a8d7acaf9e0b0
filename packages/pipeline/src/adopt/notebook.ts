import type { CodeReader } from './code.ts';
import { type Doubt, type Origin, shown } from './found.ts';
import type { Guess } from './guessed-outputs.ts';
import { nameFrom, untaken } from './names.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, folderOf } from './project-path.ts';
import { shellQuoted } from './python-value.ts';

/** What a notebook is run from. */
export interface Notebook {
  /** The code of its cells, one after the other, without magics. */
  readonly code: string;
  readonly language: string;
  /** It has a cell that papermill puts parameters behind. */
  readonly isParametrised: boolean;
  /** What its cells give to others than the kernel: `!pip install x`, `%%bash`. */
  readonly elsewhere: readonly string[];
}

const maximumCells = 5000;
const maximumNotebooks = 200;
/** Outputs, pictures among them, are read with it. */
const maximumNotebookBytes = 32 * 1024 * 1024;
const outputFolder = 'build/notebooks';

/**
 * Reads a notebook (nbformat 4: `cells`, `cell_type`, `source` as text or lines, `metadata.tags`).
 *
 * @returns `undefined` for what is no notebook of format 4, or over 32 MiB
 */
export function readNotebook(json: string): Notebook | undefined {
  if (json.length > maximumNotebookBytes) return undefined;
  const notebook = objectOf(parsed(json));
  if (notebook?.['nbformat'] !== 4 || !Array.isArray(notebook['cells'])) return undefined;
  const cells = notebook['cells'].slice(0, maximumCells).flatMap((cell: unknown) => {
    const object = objectOf(cell);
    return object?.['cell_type'] === 'code' ? [object] : [];
  });
  const texts = cells.map(sourceOf);
  const lines = texts.filter((text) => !otherCell.test(text)).flatMap((text) => text.split('\n'));
  const metadata = objectOf(notebook['metadata']);
  const language = objectOf(metadata?.['kernelspec'])?.['language'] ?? objectOf(metadata?.['language_info'])?.['name'];
  const isMagic = (line: string): boolean => /^\s*[%!?]/.test(line);
  return {
    code: lines.map((line) => (isMagic(line) ? '' : line)).join('\n'),
    language: typeof language === 'string' ? language : 'python',
    isParametrised: cells.some((cell) => tagsOf(cell).includes('parameters')),
    elsewhere: [
      ...texts.flatMap((text) => otherCell.exec(text)?.[0] ?? []),
      ...lines.filter((line) => /^\s*!/.test(line)).map((line) => line.trim()),
    ],
  };
}

/** A cell in another language than the kernel's (IPython, built-in cell magics). */
const otherCell = /^%%(?!capture|time|timeit|prun)\w+/;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // no JSON, no notebook
  }
}

const objectOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

function sourceOf(cell: Record<string, unknown>): string {
  const source = cell['source'];
  if (typeof source === 'string') return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === 'string').join('') : '';
}

function tagsOf(cell: Record<string, unknown>): readonly unknown[] {
  const tags = objectOf(cell['metadata'])?.['tags'];
  return Array.isArray(tags) ? tags : [];
}

export interface NotebookGuesses {
  readonly guesses: readonly Guess[];
  readonly origins: readonly Origin[];
  readonly doubts: readonly Doubt[];
}

/**
 * A stage for each notebook that no other source runs, in the order of their names and numbers. Jupyter runs a notebook
 * in its own folder, so its paths count from there.
 */
export async function notebookGuesses(
  folder: ProjectFolder,
  code: CodeReader,
  covered: ReadonlyMap<string, string>,
): Promise<NotebookGuesses> {
  const guesses: Guess[] = [];
  const origins: Origin[] = [];
  const doubts: Doubt[] = [];
  const names = new Set<string>();
  const files = folder.files.filter((path) => path.endsWith('.ipynb') && !path.startsWith(`${outputFolder}/`));
  if (files.length > maximumNotebooks) {
    doubts.push({ where: '.', what: `holds ${files.length} notebooks: the first ${maximumNotebooks} are looked at` });
  }
  const inOrder = files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const path of inOrder.slice(0, maximumNotebooks)) {
    const by = covered.get(path);
    const notebook = by === undefined ? await notebookAt(path, folder, doubts) : undefined;
    if (by !== undefined)
      origins.push({ kind: 'notebook', file: path, stages: [], why: `left out: ${by} runs it`, by });
    if (notebook === undefined) continue;
    const name = untaken(nameFrom(baseOf(path).replace(/\.ipynb$/, ''), 'notebook'), (one) => names.has(one));
    names.add(name);
    const isAlone = files.every((other) => other === path || baseOf(other) !== baseOf(path));
    const target = isAlone ? outputFolder : `${outputFolder}/${folderOf(path)}`.replace(/\/$/, '');
    guesses.push(await guessOf({ path, name, target, notebook }, folder, code, doubts));
  }
  return { guesses, origins, doubts };
}

async function notebookAt(path: string, folder: ProjectFolder, doubts: Doubt[]): Promise<Notebook | undefined> {
  const json = await folder.read(path, maximumNotebookBytes).catch(() => undefined);
  const notebook = json === undefined ? undefined : readNotebook(json);
  if (notebook === undefined)
    doubts.push({ where: path, what: 'is no notebook of format 4 of at most 32 MiB: left out' });
  return notebook;
}

interface NamedNotebook {
  readonly path: string;
  readonly name: string;
  /** Folder that the executed copy goes to. */
  readonly target: string;
  readonly notebook: Notebook;
}

async function guessOf(
  { path, name, target, notebook }: NamedNotebook,
  folder: ProjectFolder,
  code: CodeReader,
  doubts: Doubt[],
): Promise<Guess> {
  const isPython = notebook.language.toLowerCase() === 'python';
  if (!isPython)
    doubts.push({
      where: path,
      what: `is in ${shown(notebook.language)}: add its inputs and outputs to holdfast.yaml`,
    });
  for (const command of notebook.elsewhere.slice(0, 3)) {
    doubts.push({ where: path, what: `runs ${shown(command)}, which is not looked into` });
  }
  const reading = await code.readText(isPython ? notebook.code : '', path, folderOf(path));
  const output = `${target}/${baseOf(path)}`;
  const command = commandOf(path, target, notebook, folder, doubts);
  const needs = folder.isFile('requirements.txt') ? ['requirements.txt'] : [];
  return { name, command, kind: 'notebook', from: path, runs: [path], reading, reads: [], writes: [output], needs };
}

/** papermill where there is a cell of parameters and papermill is there, else nbconvert. */
function commandOf(
  path: string,
  target: string,
  { isParametrised }: Notebook,
  folder: ProjectFolder,
  doubts: Doubt[],
): string {
  const [papermill, jupyter] = [folder.program('papermill'), folder.program('jupyter')];
  const chosen = isParametrised && papermill !== undefined ? 'papermill' : 'jupyter';
  const where = chosen === 'papermill' ? papermill : jupyter;
  if (where === undefined) {
    const install = isParametrised ? 'pip install papermill ipykernel' : 'pip install nbconvert ipykernel';
    doubts.push({ where: path, what: `needs \`jupyter nbconvert\`, which is not on the PATH: \`${install}\`` });
  } else if (where === 'environment') {
    doubts.push({
      where: path,
      what: `needs \`${chosen}\` of a virtual environment: activate it before \`holdfast run\``,
    });
  }
  if (chosen === 'jupyter') {
    return `jupyter nbconvert --to notebook --execute --output-dir ${shellQuoted(target)} ${shellQuoted(path)}`;
  }
  const inFolder = folderOf(path) === '' ? '' : ` --cwd ${shellQuoted(folderOf(path))}`;
  const output = `${target}/${baseOf(path)}`;
  return `mkdir -p ${shellQuoted(target)} && papermill${inFolder} ${shellQuoted(path)} ${shellQuoted(output)}`;
}

/** Why a notebook is run as it is. */
export const whyNotebook = (command: string): string =>
  command.includes('papermill') ? 'run by papermill: it has a cell of parameters' : 'run by jupyter nbconvert';
