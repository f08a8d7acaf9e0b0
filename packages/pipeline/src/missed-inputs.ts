import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInside } from './execution/journal.ts';
import type { StageNode } from './stage-graph.ts';

const tailBytes = 65_536;
const mostWords = 5000;

/**
 * What a confined command that failed may have looked for: paths in the end of its log that exist in the project and
 * are not among its inputs. A guess for an error message, in the order in which the log names them, at most three.
 *
 * @param log absolute path
 */
export function missedInputs(log: string, stage: StageNode, project: string): string[] {
  const text = endOf(log);
  const known = [...stage.inputs, ...stage.outputs].map(({ path }) => path);
  const isKnown = (path: string): boolean => known.some((other) => path === other || path.startsWith(`${other}/`));
  const words = (text.match(/[\w.@+/-]{2,500}/g) ?? []).slice(0, mostWords).map((word) => inProject(word, project));
  const modules = [...text.matchAll(/No module named '([\w.]{1,200})'/g)].flatMap(([, name = '']) =>
    filesOf(name, stage),
  );
  const candidates = [...new Set([...modules, ...words])].filter((path) => isInside(path) && !isKnown(path));
  const holdsKnown = (path: string): boolean => known.some((other) => other.startsWith(`${path}/`));
  return candidates.filter((path) => isThere(path, project) && !holdsKnown(path)).slice(0, 3);
}

function endOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const from = Math.max(0, fstatSync(file).size - tailBytes);
    const bytes = Buffer.alloc(tailBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, tailBytes, from));
  } finally {
    closeSync(file);
  }
}

function inProject(word: string, project: string): string {
  const path = word.startsWith('/') ? relative(project, word) : word.replace(/^(?:\.\/)+/, '');
  return path.replace(/[./]+$/, '');
}

/** Where Python looks for a module: beside the script that was started, and in the project. */
function filesOf(module: string, { inputs }: StageNode): string[] {
  const path = module.replaceAll('.', '/');
  const folders = inputs.map(({ path: input }) => input.split('/').slice(0, -1).join('/'));
  return [...new Set(['', ...folders])].flatMap((folder) =>
    [`${path}.py`, path].map((name) => (folder === '' ? name : `${folder}/${name}`)),
  );
}

/** A word such as `data` is a folder of the project by chance: only one with an ending or a slash says something. */
function isThere(path: string, project: string): boolean {
  const entry = lstatSync(join(project, path), { throwIfNoEntry: false });
  return entry?.isFile() === true || (entry?.isDirectory() === true && /[/.]/.test(path));
}
