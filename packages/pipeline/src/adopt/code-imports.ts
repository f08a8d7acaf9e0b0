import { type CodeToken, isOperator } from './code-tokens.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, folderOf, insideProject } from './project-path.ts';

/** Files of the project that a file of code imports. */
export interface Imports {
  readonly files: readonly string[];
  /** Modules of the ecosystem, by their first part: `pandas`. */
  readonly modules: ReadonlySet<string>;
}

const maximumImports = 500;

/**
 * The files of the project that a Python file imports: `import a.b`, `from .a import b` (Python Language Reference,
 * section 5). Modules are searched beside the script that is run, at the top of the project, and in `src`.
 *
 * @param script the script that is run; its folder is first on Python's path
 */
export function pythonImports(
  tokens: readonly CodeToken[],
  file: string,
  script: string,
  folder: ProjectFolder,
): Imports {
  const files = new Set<string>();
  const modules = new Set<string>();
  for (const { module, names } of importedModules(tokens).slice(0, maximumImports)) {
    const level = /^\.*/.exec(module)?.[0].length ?? 0;
    const parts = module
      .slice(level)
      .split('.')
      .filter((part) => part !== '');
    const roots = level > 0 ? [ancestorOf(file, level)] : [folderOf(script), '', 'src'];
    const root = roots.find((candidate) => moduleFiles(candidate, parts, names, folder).length > 0);
    if (root === undefined && level === 0) modules.add(parts[0] ?? '');
    for (const path of root === undefined ? [] : moduleFiles(root, parts, names, folder)) files.add(path);
  }
  files.delete(file);
  return { files: [...files], modules };
}

const ancestorOf = (file: string, level: number): string =>
  Array.from({ length: Math.min(level, 20) }).reduce<string>(folderOf, file);

/** The file of a module, those of the packages that it is in, and of the modules that are imported from it by name. */
function moduleFiles(
  root: string,
  parts: readonly string[],
  names: readonly string[],
  folder: ProjectFolder,
): readonly string[] {
  const at = (...more: readonly string[]): string => [root, ...more].filter((part) => part !== '').join('/');
  const found: string[] = [];
  for (const [index] of parts.entries()) {
    const path = at(...parts.slice(0, index + 1));
    const file = [`${path}.py`, `${path}/__init__.py`].find((candidate) => folder.isFile(candidate));
    if (file !== undefined) found.push(file);
    else if (!folder.isFolder(path)) return [];
  }
  for (const name of names) {
    const path = at(...parts, name);
    const file = [`${path}.py`, `${path}/__init__.py`].find((candidate) => folder.isFile(candidate));
    if (file !== undefined) found.push(file);
  }
  if (parts.length === 0 && folder.isFile(at('__init__.py'))) found.push(at('__init__.py'));
  return found;
}

interface ImportedModule {
  /** With its leading dots. */
  readonly module: string;
  readonly names: readonly string[];
}

function importedModules(tokens: readonly CodeToken[]): ImportedModule[] {
  const found: ImportedModule[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    const before = tokens[at - 1];
    const begins = before === undefined || before.kind === 'newline' || /^[;:]$/.test(before.text);
    if (kind !== 'name' || !begins) continue;
    if (text === 'import') found.push(...plainImports(tokens, at + 1));
    if (text === 'from') found.push(...fromImport(tokens, at + 1));
  }
  return found;
}

function dottedName(tokens: readonly CodeToken[], start: number): { text: string; end: number } {
  let end = start;
  while (end - start < 60 && (tokens[end]?.kind === 'name' || isOperator(tokens[end], '.'))) {
    if (tokens[end]?.text === 'import' || tokens[end]?.text === 'as') break;
    end += 1;
  }
  const text = tokens
    .slice(start, end)
    .map((token) => token.text)
    .join('');
  return { text, end };
}

/** `import a.b as c, d` */
function plainImports(tokens: readonly CodeToken[], start: number): ImportedModule[] {
  const found: ImportedModule[] = [];
  for (let at = start; found.length < 100; ) {
    const { text, end } = dottedName(tokens, at);
    if (text === '') break;
    found.push({ module: text, names: [] });
    at = tokens[end]?.text === 'as' ? end + 2 : end;
    if (!isOperator(tokens[at], ',')) break;
    at += 1;
  }
  return found;
}

/** `from ..a import (b as c, d)` */
function fromImport(tokens: readonly CodeToken[], start: number): ImportedModule[] {
  const { text, end } = dottedName(tokens, start);
  if (text === '' || tokens[end]?.text !== 'import') return [];
  const names: string[] = [];
  for (let at = end + 1; names.length < 200; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'newline' || isOperator(token, ')')) break;
    if (token.kind === 'name' && tokens[at - 1]?.text !== 'as' && token.text !== 'as') names.push(token.text);
  }
  return [{ module: text, names }];
}

/**
 * The files of the project that JavaScript or TypeScript imports by a relative path: `import … from './a.ts'`,
 * `import('./a.js')`, `require('./a')` (Node.js, Modules: resolution).
 */
export function javascriptImports(tokens: readonly CodeToken[], file: string, folder: ProjectFolder): Imports {
  const files = new Set<string>();
  const modules = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'string' || !isSpecifier(tokens, at) || files.size + modules.size > maximumImports) continue;
    if (!token.text.startsWith('.')) modules.add(token.text.split('/')[0] ?? '');
    const path = token.text.startsWith('.') ? insideProject(folderOf(file), token.text) : undefined;
    const found = path === undefined ? undefined : candidatesOf(path).find((candidate) => folder.isFile(candidate));
    if (found !== undefined) files.add(found);
  }
  files.delete(file);
  return { files: [...files], modules };
}

function isSpecifier(tokens: readonly CodeToken[], at: number): boolean {
  const before = tokens[at - 1];
  if (before?.kind === 'name') return before.text === 'from' || before.text === 'import';
  const callee = tokens[at - 2];
  return isOperator(before, '(') && callee?.kind === 'name' && (callee.text === 'require' || callee.text === 'import');
}

/** As it stands, with an ending that CommonJS adds, or TypeScript's for the one that is written. */
const candidatesOf = (path: string): string[] => [
  path,
  ...['.js', '.json', '.ts', '.mjs', '.cjs'].map((ending) => `${path}${ending}`),
  `${path}/index.js`,
  ...(baseOf(path).endsWith('.js') ? [path.replace(/\.js$/, '.ts')] : []),
];
