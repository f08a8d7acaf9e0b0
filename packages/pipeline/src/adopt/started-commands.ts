import { commandWords, type SimpleCommand, simpleCommands } from './shell-commands.ts';
import { readShell, type ShellToken } from './shell-text.ts';

/** Programs that run the command behind them, and which of their options take a word. */
const wrappers: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    command: /^$/,
    env: /^-[uCS]$/,
    exec: /^-a$/,
    nice: /^-n$/,
    nohup: /^$/,
    stdbuf: /^-[ioe]$/,
    sudo: /^-[ugC]$/,
    time: /^-[fo]$/,
    timeout: /^-[ks]$/,
    xargs: /^-[IEnPLsd]$/,
  }),
);
/** `poetry run python train.py` */
const runners = /^(?:poetry|pipenv|pdm|hatch|uv|rye)$/;
const shells = /^(?:ba|da|z|k)?sh$/;
const maximumDepth = 8;

/** A command that a text starts: its words, the program first, without assignments and wrappers. */
export interface StartedCommand {
  readonly words: readonly ShellToken[];
  /** Last part of the first word. */
  readonly program: string;
  /** The subshells that it runs in; of the text itself, not of what `sh -c` is given. */
  readonly subshells: readonly number[];
  readonly redirections: SimpleCommand['redirections'];
}

export const isShell = (program: string): boolean => shells.test(program);

/** Last part of a path. */
export const programOf = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/**
 * The commands that a text starts, in order, those behind `env`, in `sh -c '…'`, `find -exec` and `$(…)` among them.
 * A command whose name is put in only when it runs (`$PYTHON`) is left out.
 */
export function startedCommands(given: string, depth = 0): readonly StartedCommand[] {
  const read = readShell(given);
  if (read === undefined || depth > maximumDepth) return [];
  return simpleCommands(read.tokens).flatMap(({ words, subshells, redirections }) => {
    const inner = words.flatMap((word) => substitutionsOf(word).flatMap((text) => startedCommands(text, depth + 1)));
    const own = unwrapped(commandWords(words), depth);
    // `( … ) > file`: nothing is started, and yet something is written
    const all =
      own.length === 0 && redirections.length > 0 ? [...inner, { words: [], program: ':' }] : [...inner, ...own];
    return all.map((command, index) => ({
      ...command,
      subshells,
      redirections: index === all.length - 1 ? redirections : [],
    }));
  });
}

type Unplaced = Omit<StartedCommand, 'subshells' | 'redirections'>;

function unwrapped(words: readonly ShellToken[], depth: number): readonly Unplaced[] {
  const [first, ...rest] = words;
  if (first?.value === undefined || first.value === '' || depth > maximumDepth) return [];
  const program = programOf(first.value);
  const own = { words: [first], program };
  const takesWord = wrappers.get(program);
  if (takesWord !== undefined) return [own, ...unwrapped(behind(rest, program, takesWord), depth + 1)];
  if (program === 'find') return [{ words, program }, ...unwrapped(executedByFind(rest), depth + 1)];
  if (runners.test(program) && rest[0]?.value === 'run') {
    const command = rest.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
    return [own, ...(command === -1 ? [] : unwrapped(rest.slice(command), depth + 1))];
  }
  const script = shells.test(program) ? scriptText(rest) : undefined;
  return script === undefined ? [{ words, program }] : [own, ...startedCommands(script, depth + 1)];
}

/** What `sh -c` is given. */
function scriptText(words: readonly ShellToken[]): string | undefined {
  const option = words.findIndex(({ value }) => value !== undefined && /^-[a-z]*c$/.test(value));
  return option === -1 ? undefined : words[option + 1]?.value;
}

/** The words behind a wrapper's own options and assignments, and the duration of `timeout`. */
function behind(words: readonly ShellToken[], program: string, takesWord: RegExp): readonly ShellToken[] {
  let at = 0;
  while (at < words.length) {
    const text = words[at]?.text ?? '';
    if (takesWord.test(text)) at += 2;
    else if (text.startsWith('-') || (program === 'env' && text.includes('='))) at += 1;
    else break;
  }
  return words.slice(program === 'timeout' ? at + 1 : at);
}

function executedByFind(words: readonly ShellToken[]): readonly ShellToken[] {
  const at = words.findIndex(({ text }) => /^-(?:exec|execdir|ok)$/.test(text));
  return at === -1 ? [] : words.slice(at + 1);
}

/** What stands in `$(…)` or backticks of a word. */
function substitutionsOf({ text }: ShellToken): string[] {
  return [...text.matchAll(/\$\(([^()]{1,2000})\)|`([^`]{1,2000})`/g)].flatMap(([, a, b]) => a ?? b ?? []);
}
