import { shown } from './found.ts';
import type { Makefile } from './makefile-parser.ts';
import type { MakefileTarget } from './makefile-targets.ts';
import { shellQuoted } from './python-value.ts';
import { behindCommands, type CommandLine, joinCommands } from './shell-commands.ts';

/** The commands of a recipe, each as make would hand it to the shell, or why they are not understood. */
export type Recipe = { readonly lines: readonly CommandLine[] } | { readonly problem: string };

/**
 * Expands a recipe for its target (GNU make manual, "Recipe Execution", "Errors in Recipes"): `@` and `+` in front go,
 * `-` becomes "go on when it fails".
 */
export function expandRecipe(target: MakefileTarget, makefile: Makefile): Recipe {
  const [first = ''] = target.prerequisites;
  const automatic = new Map([
    ['@', [target.targets[0] ?? '']],
    ['<', first === '' ? [] : [first]],
    ['^', [...new Set(target.prerequisites)]],
    ['+', target.prerequisites],
    ['|', [...new Set(target.orderOnly)]],
    ['*', target.stem === undefined ? [] : [target.stem]],
  ]);
  const lines: CommandLine[] = [];
  for (const { text } of target.recipe) {
    const { text: expanded, problem } = makefile.variables.expand(text, automatic);
    if (problem !== undefined) return { problem };
    const [, prefix = '', command = ''] = /^([@+\-\s]*)(.*)$/s.exec(expanded) ?? [];
    const ignoreErrors = prefix.includes('-') || makefile.ignoresErrors;
    if (command.trim() !== '') lines.push({ text: command.trim(), ignoreErrors });
  }
  return { lines };
}

/** A rule that does nothing but make its target as a folder. */
export function makesFolder({ targets }: MakefileTarget, lines: readonly CommandLine[]): boolean {
  const [target = ''] = targets;
  const [only] = lines;
  const words = only?.text.split(/\s+/) ?? [];
  return (
    lines.length === 1 &&
    words[0] === 'mkdir' &&
    words.slice(1).every((word) => word.startsWith('-') || word === target)
  );
}

/**
 * One command of the lines of a recipe: folders that are made first, exported variables, and the makefile's own shell.
 *
 * @returns why, when it cannot be one
 */
export function commandOf(lines: readonly CommandLine[], folders: readonly string[], makefile: Makefile): Command {
  const exports = [...makefile.exported].map((name) => ({ name, ...makefile.variables.expand(`$(${name})`) }));
  const unknown = exports.find(({ problem }) => problem !== undefined);
  if (unknown !== undefined) return { problem: `exports ${shown(unknown.name)}: ${unknown.problem ?? ''}` };
  const joined = joinCommands(lines);
  if (joined === undefined) return { problem: 'its recipe is not understood by the grammar of the shell' };
  const shell = shellOf(makefile);
  if (shell === undefined) return { problem: 'its `SHELL` is not understood' };
  const set = exports.map(({ name, text }) => `${name}=${shellQuoted(text)}`).join(' ');
  const before = [
    ...(set === '' ? [] : [`export ${set}`]),
    ...folders.map((folder) => `mkdir -p ${shellQuoted(folder)}`),
  ];
  const own = shell === '' ? joined : { text: `${shell} ${shellQuoted(joined.text)}`, isRow: true };
  const command = behindCommands(before, own);
  return command.length > 4096 ? { problem: 'its command is over 4096 characters' } : { command };
}

export type Command = { readonly command: string } | { readonly problem: string };

/** `bash -c` when the makefile asks for bash; nothing for the shell that commands run in anyway. */
function shellOf({ variables }: Makefile): string | undefined {
  const shell = variables.has('SHELL') ? variables.expand('$(SHELL)') : { text: '', problem: undefined };
  const flags = variables.has('.SHELLFLAGS') ? variables.expand('$(.SHELLFLAGS)') : { text: '-c', problem: undefined };
  if (shell.problem !== undefined || flags.problem !== undefined) return undefined;
  const name = shell.text.trim().replace(/^(?:\/usr)?(?:\/local)?\/bin\/(?:env\s+)?/, '');
  const isPlain = name === '' || name === 'sh';
  if (isPlain && flags.text.trim() === '-c') return '';
  if (
    !/^(?:ba|da|z|k)?sh$/.test(isPlain ? 'sh' : name) ||
    !/^(?:-[a-z]+\s+|[a-z]+\s+)*-?[a-z]*c$/.test(flags.text.trim())
  )
    return undefined;
  return `${isPlain ? 'sh' : name} ${flags.text.trim()}`;
}
