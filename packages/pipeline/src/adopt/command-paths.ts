import { looksLikePath } from './path-calls.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, insideProject } from './project-path.ts';
import { isShell, type StartedCommand, startedCommands } from './started-commands.ts';

/** What a command line says about files of the project. */
export interface CommandPaths {
  /** Programs of the project that it runs, and the folder that they run in. */
  readonly scripts: readonly { readonly path: string; readonly base: string }[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Words that look like paths of files that are not there. */
  readonly mentions: readonly string[];
}

/** Programs that run the file that they are given. */
const interpreters = /^(?:python[0-9.]*|node|Rscript|julia|ruby|perl|deno|bun|tsx|torchrun)$/;
const copiers = new Set('cp mv install rsync'.split(' '));
/** Options whose word says where something is written to. */
const outputOption =
  /^--?(?:o|O|out|output|outfile|outdir|dest|destination|save|model)(?:[-_](?:dir|file|path|folder))?$/;
const changesNothing = new Set('cd echo mkdir printf rm test true [ export touch'.split(' '));

/**
 * The files that a command reads and writes, as far as its words tell: redirections, `cp`, options such as `--output`,
 * words that name files that are there, and the scripts that it runs.
 *
 * @param base folder of the project that it runs in
 */
export function commandPaths(command: string, base: string, folder: ProjectFolder): CommandPaths {
  const found = {
    scripts: new Map<string, string>(),
    reads: new Set<string>(),
    writes: new Set<string>(),
    mentions: new Set<string>(),
  };
  const places = new Places(base);
  for (const started of startedCommands(command)) {
    const here = places.of(started);
    if (started.program === 'cd') places.change(started, insideProject(here ?? '..', wordsOf(started)[1] ?? ''));
    else if (here !== undefined) note(started, here, folder, found);
    if (here !== undefined) noteRedirections(started, here, found);
  }
  return {
    scripts: [...found.scripts].map(([path, from]) => ({ path, base: from })),
    reads: [...found.reads].filter((path) => !found.writes.has(path) && !found.scripts.has(path)),
    writes: [...found.writes],
    mentions: [...found.mentions].filter((path) => !found.writes.has(path)),
  };
}

/** Where commands run: `cd` counts up to the end of its subshell. `undefined` is outside of the project. */
class Places {
  readonly #bySubshell = new Map<number, string | undefined>();

  constructor(base: string) {
    this.#bySubshell.set(-1, base);
  }

  of({ subshells }: StartedCommand): string | undefined {
    const innermost = [-1, ...subshells].findLast((subshell) => this.#bySubshell.has(subshell)) ?? -1;
    return this.#bySubshell.get(innermost);
  }

  change({ subshells }: StartedCommand, place: string | undefined): void {
    this.#bySubshell.set(subshells.at(-1) ?? -1, place);
  }
}

interface Collected {
  readonly scripts: Map<string, string>;
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  readonly mentions: Set<string>;
}

const wordsOf = ({ words }: StartedCommand): string[] => words.map(({ value }) => value ?? '');

function noteRedirections({ redirections }: StartedCommand, base: string, { reads, writes }: Collected): void {
  for (const { operator, target } of redirections) {
    if (!/^[0-9]*(?:>|>>|>\||&>|&>>|<)$/.test(operator)) continue;
    const path = insideProject(base, target.value ?? '');
    if (path !== undefined && path !== '') (operator.endsWith('<') ? reads : writes).add(path);
  }
}

function note(started: StartedCommand, base: string, folder: ProjectFolder, found: Collected): void {
  const { program } = started;
  const words = wordsOf(started);
  if (changesNothing.has(program)) return;
  const script = scriptOf(words, program, base, folder);
  if (script !== undefined) found.scripts.set(script, base);
  if (copiers.has(program)) {
    noteCopy(words.slice(1), base, folder, found);
    return;
  }
  for (const [index, word] of words.entries()) {
    const [option, value] = optionAndValue(words, index);
    const path = index === 0 ? undefined : insideProject(base, value);
    if (path === undefined || path === '' || path === script) continue;
    const isOutput = outputOption.test(option) || program === 'tee';
    if (isOutput && !word.startsWith('-')) found.writes.add(path);
    else if (isOutput && word.includes('=')) found.writes.add(path);
    else if (folder.isFile(path) || folder.isFolder(path)) found.reads.add(path);
    else if (looksLikePath(value, undefined)) found.mentions.add(path);
  }
}

/** A word with the option before it, or `--option=value`. */
function optionAndValue(words: readonly string[], index: number): [option: string, value: string] {
  const word = words[index] ?? '';
  const [, option, value] = /^(--?[A-Za-z][\w-]*)=(.*)$/s.exec(word) ?? [];
  if (option !== undefined) return [option, value ?? ''];
  const before = words[index - 1] ?? '';
  return [before.startsWith('-') ? before : '', word.startsWith('-') ? '' : word];
}

function noteCopy(words: readonly string[], base: string, folder: ProjectFolder, found: Collected): void {
  const named = words.filter((word) => word !== '' && !word.startsWith('-'));
  const paths = named.map((word) => insideProject(base, word));
  const target = paths.at(-1);
  for (const source of paths.slice(0, -1)) {
    if (source === undefined) continue;
    found.reads.add(source);
    if (target === undefined) continue;
    const isInto = named.at(-1)?.endsWith('/') === true || folder.isFolder(target);
    found.writes.add(isInto ? `${target}/${baseOf(source)}` : target);
  }
}

/** The file of the project that a command runs: by its own path, by `python FILE`, or by `python -m MODULE`. */
function scriptOf(words: readonly string[], program: string, base: string, folder: ProjectFolder): string | undefined {
  const [first = '', ...rest] = words;
  const isFile = (word: string): string | undefined => {
    const path = insideProject(base, word);
    return path !== undefined && folder.isFile(path) ? path : undefined;
  };
  if (first.includes('/') && !interpreters.test(program)) return isFile(first);
  if (!interpreters.test(program) && !isShell(program)) return undefined;
  const module = rest[0] === '-m' ? rest[1]?.replaceAll('.', '/') : undefined;
  if (module !== undefined) return isFile(`${module}.py`) ?? isFile(`${module}/__main__.py`);
  return rest.filter((word) => !word.startsWith('-')).flatMap((word) => isFile(word) ?? [])[0];
}
