import { type Imports, javascriptImports, pythonImports } from './code-imports.ts';
import { codePaths, type NamedPath } from './code-paths.ts';
import type { CodeToken } from './code-tokens.ts';
import { commandPaths } from './command-paths.ts';
import { type Doubt, shown } from './found.ts';
import { javascriptTokens } from './javascript-tokens.ts';
import type { Constants } from './path-expressions.ts';
import { pathIn, patternFolder, projectMark } from './path-value.ts';
import type { ProjectFolder } from './project-folder.ts';
import { folderOf } from './project-path.ts';
import { pythonTokens } from './python-tokens.ts';

/** A path of the project that a program names. */
export interface CodePath {
  readonly path: string;
  readonly use: 'read' | 'write' | 'mention';
  readonly callee: string | undefined;
  /** File and line. */
  readonly where: string;
  /** It is named by a file that the program imports, which others may import as well. */
  readonly isImported: boolean;
}

export interface CodeReading {
  /** Files of the project that it consists of, its own first. */
  readonly files: readonly string[];
  readonly paths: readonly CodePath[];
  readonly modules: ReadonlySet<string>;
  /** Every function that its own file calls. */
  readonly calls: ReadonlySet<string>;
  readonly doubts: readonly Doubt[];
}

type Language = 'python' | 'javascript' | 'shell';

const languages: readonly (readonly [RegExp, Language])[] = [
  [/\.py$/, 'python'],
  [/\.[cm]?[jt]s$/, 'javascript'],
  [/\.sh$/, 'shell'],
];

export const languageOf = (path: string): Language | undefined =>
  languages.find(([pattern]) => pattern.test(path))?.[1];

const maximumFiles = 300;
const maximumDoubts = 10;
const noConstants: Constants = { names: new Map(), attributes: new Map() };

/** A file of code, taken apart once, however many programs import it. */
interface Part {
  readonly tokens: readonly CodeToken[];
  readonly imports: Imports;
}

/** Reads programs of a project: what they consist of, and which files they name. Runs none of them. */
export class CodeReader {
  readonly #folder: ProjectFolder;
  readonly #parts = new Map<string, Promise<Part | undefined>>();

  constructor(folder: ProjectFolder) {
    this.#folder = folder;
  }

  /** @param base folder of the project in which it runs */
  async read(file: string, base: string): Promise<CodeReading> {
    if (languageOf(file) === 'shell') return this.#shell(file, base, new Set([file]));
    const part = await this.#part(file, file);
    return part === undefined ? nothing(file) : this.#closure(file, part, base);
  }

  /** The same for code that stands in another file, such as a notebook. */
  async readText(text: string, file: string, base: string): Promise<CodeReading> {
    const tokens = pythonTokens(text);
    return this.#closure(file, { tokens, imports: pythonImports(tokens, file, `${base}/x`, this.#folder) }, base);
  }

  #part(file: string, script: string): Promise<Part | undefined> {
    const read = this.#parts.get(file) ?? this.#takeApart(file, script);
    this.#parts.set(file, read);
    return read;
  }

  async #takeApart(file: string, script: string): Promise<Part | undefined> {
    const text = await this.#folder.read(file).catch(() => undefined);
    const language = languageOf(file);
    if (text === undefined || language === undefined || language === 'shell') return undefined;
    const tokens = language === 'python' ? pythonTokens(text) : javascriptTokens(text);
    const imports =
      language === 'python'
        ? pythonImports(tokens, file, script, this.#folder)
        : javascriptImports(tokens, file, this.#folder);
    return { tokens, imports };
  }

  /** The program with all that it imports: what is imported is read first, for the names that it gives to paths. */
  async #closure(file: string, own: Part, base: string): Promise<CodeReading> {
    const parts = new Map([[file, own]]);
    for (const part of parts.values()) {
      for (const next of part.imports.files) {
        if (parts.has(next) || parts.size === maximumFiles) continue;
        parts.set(next, (await this.#part(next, file)) ?? { tokens: [], imports: { files: [], modules: new Set() } });
      }
    }
    let constants = noConstants;
    const named: { file: string; path: NamedPath }[] = [];
    for (const [path, part] of [...parts].reverse()) {
      const read = codePaths(part.tokens, constants, path);
      constants = path === file ? constants : merged(constants, read.constants);
      named.push(...read.paths.map((one) => ({ file: path, path: one })));
    }
    const modules = new Set([...parts.values()].flatMap(({ imports }) => [...imports.modules]));
    const files = [...parts.keys(), ...this.#packageFile(file)];
    return { files, modules, calls: callsOf(own.tokens), ...placed(named, file, base) };
  }

  /** The `package.json` that tells Node.js how to read a file (Node.js, Packages: determining module system). */
  #packageFile(file: string): string[] {
    if (!/\.[jt]s$/.test(file)) return [];
    for (let folder = folderOf(file); ; folder = folderOf(folder)) {
      const path = folder === '' ? 'package.json' : `${folder}/package.json`;
      if (this.#folder.isFile(path)) return [path];
      if (folder === '') return [];
    }
  }

  /** A shell script, with the programs of the project that it runs. */
  async #shell(file: string, base: string, seen: Set<string>): Promise<CodeReading> {
    const text = await this.#folder.read(file).catch(() => undefined);
    if (text === undefined) return nothing(file);
    const { scripts, reads, writes, mentions } = commandPaths(text, base, this.#folder);
    const all: CodeReading[] = [];
    for (const script of scripts) {
      if (seen.has(script.path) || seen.size === maximumFiles) continue;
      seen.add(script.path);
      const isShell = languageOf(script.path) === 'shell';
      all.push(await (isShell ? this.#shell(script.path, script.base, seen) : this.read(script.path, script.base)));
    }
    const own = (path: string, use: CodePath['use']): CodePath[] => [
      { path, use, callee: undefined, where: file, isImported: false },
    ];
    return {
      files: [...new Set([file, ...scripts.map(({ path }) => path), ...all.flatMap(({ files }) => files)])],
      paths: [
        ...reads.flatMap((path) => own(path, 'read')),
        ...writes.flatMap((path) => own(path, 'write')),
        ...mentions.flatMap((path) => own(path, 'mention')),
        ...all.flatMap(({ paths }) => paths),
      ],
      modules: new Set(all.flatMap(({ modules }) => [...modules])),
      calls: new Set(all.flatMap(({ calls }) => [...calls])),
      doubts: all.flatMap(({ doubts }) => doubts),
    };
  }
}

const nothing = (file: string): CodeReading => ({
  files: [file],
  paths: [],
  modules: new Set(),
  calls: new Set(),
  doubts: [{ where: file, what: 'is not looked into: add what it reads and writes to holdfast.yaml' }],
});

/** `from config import DATA` and `config.DATA` both find what a module gives a name to. */
const merged = (a: Constants, b: Constants): Constants => ({
  names: new Map([...a.names, ...b.names]),
  attributes: new Map([...a.attributes, ...b.attributes, ...b.names]),
});

function callsOf(tokens: readonly CodeToken[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'operator' || text !== '(' || tokens[at - 1]?.kind !== 'name') continue;
    const before = tokens[at - 2]?.text === '.' ? `${tokens[at - 3]?.text ?? ''}.` : '';
    found.add(`${before}${tokens[at - 1]?.text ?? ''}`);
  }
  return found;
}

/** The named paths as paths of the project; what is known only at run time, or lies outside, is told. */
function placed(
  named: readonly { readonly file: string; readonly path: NamedPath }[],
  main: string,
  base: string,
): { paths: readonly CodePath[]; doubts: readonly Doubt[] } {
  const paths: CodePath[] = [];
  const doubts = new Map<string, Doubt>();
  for (const { file, path } of named) {
    const isImported = file !== main;
    if (isImported && path.use === 'mention') continue;
    const where = file.endsWith('.ipynb') ? file : `${file}:${path.line}`;
    const folder = path.use === 'write' ? undefined : patternFolder(path.value);
    const inside = pathIn(folder ?? path.value, base);
    const isPath = inside !== undefined && inside !== '';
    if (isPath) paths.push({ path: inside, use: path.use, callee: path.callee, where, isImported });
    if (path.use !== 'mention' && !(isPath && path.value.isKnown))
      doubts.set(path.value.text, doubtAbout(path, where, inside));
  }
  return { paths, doubts: [...doubts.values()].slice(0, maximumDoubts) };
}

function doubtAbout({ value, use }: NamedPath, where: string, inside: string | undefined): Doubt {
  const text = shown(value.text.replace(projectMark, ''));
  const does = use === 'write' ? 'writes' : 'reads';
  if (inside !== undefined && inside !== '') {
    return { where, what: `${does} ${text}, known only when it runs: all of ${shown(inside)} is its input` };
  }
  if (!value.isKnown) return { where, what: `${does} ${text}, known only when it runs: add it to holdfast.yaml` };
  if (inside === '') return { where, what: `${does} the whole project: name what it needs in holdfast.yaml` };
  return { where, what: `${does} ${text}, outside of the project: it cannot be recorded` };
}
