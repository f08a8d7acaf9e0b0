import { readShell, type ShellToken } from './shell-text.ts';

/** One command of several that are run one after the other, each in a shell of its own. */
export interface CommandLine {
  readonly text: string;
  /** Go on when it fails. */
  readonly ignoreErrors: boolean;
}

/** Words that change the shell itself: the next command would see it, were it not kept apart. */
const changesShell = new Set(
  '. alias cd eval exec exit export readonly return set shift source trap ulimit umask unalias unset'.split(' '),
);

/** Commands on one line. */
export interface JoinedCommands {
  readonly text: string;
  /** They are joined by nothing but `&&`, so that more can be put before or behind. */
  readonly isRow: boolean;
}

/**
 * Makes one line of commands that DVC or make would run one by one, each in its own shell, stopping at the first that
 * fails: joined by `&&`, and in parentheses where something would leak into the next.
 *
 * @returns `undefined` when the shell's own grammar is not understood: an open quote, a here-document, a line break
 *   that cannot be left out
 * @example
 * ```ts
 * joinCommands([{ text: 'cd src', ignoreErrors: false }, { text: 'make', ignoreErrors: true }]);
 * // { text: '(cd src) && (make || true)', isRow: true }
 * ```
 */
export function joinCommands(lines: readonly CommandLine[]): JoinedCommands | undefined {
  const commands: { text: string; isPlain: boolean; ignoreErrors: boolean }[] = [];
  for (const { text, ignoreErrors } of lines) {
    const read = withoutComments(text);
    if (read === undefined) return undefined;
    if (read.text !== '') commands.push({ ...read, ignoreErrors });
  }
  const isAlone = commands.length === 1;
  const text = commands
    .map(({ text, isPlain, ignoreErrors }) => {
      if (ignoreErrors) return subshell(`${isPlain ? text : subshell(text)} || true`);
      return isAlone || isPlain ? text : subshell(text);
    })
    .join(' && ');
  return { text, isRow: !isAlone || commands.some(({ isPlain, ignoreErrors }) => isPlain || ignoreErrors) };
}

/** Joined commands with others before them. */
export function behindCommands(before: readonly string[], { text, isRow }: JoinedCommands): string {
  return before.length === 0 ? text : [...before, isRow ? text : subshell(text)].join(' && ');
}

/** A `((` would begin an arithmetic expression. */
const subshell = (text: string): string => (text.startsWith('(') ? `( ${text} )` : `(${text})`);

function withoutComments(text: string): { text: string; isPlain: boolean } | undefined {
  const line = withoutJoints(text).trim();
  const read = readShell(line);
  if (read === undefined) return undefined;
  const { tokens, comments } = read;
  if (tokens.some(({ kind, text: operator }) => kind === 'operator' && /^[0-9]*<<-?$/.test(operator))) return undefined;
  const kept = comments
    .toReversed()
    .reduce((all, { start, end }) => all.slice(0, start) + all.slice(end), line)
    .trim();
  if (kept.includes('\n')) return undefined;
  return { text: kept, isPlain: isPlain(tokens) };
}

/** A backslash at the end of a line joins it to the next, but not between single quotes (POSIX, section 2.2). */
function withoutJoints(text: string): string {
  let result = '';
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && quote !== "'") {
      if (text[at + 1] !== '\n') result += text.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    result += character;
  }
  return result;
}

/** Whether a command may stand in a row of `&&` as it is. */
function isPlain(tokens: readonly ShellToken[]): boolean {
  if (tokens.some(({ kind, text }) => kind === 'operator' && [';', ';;', '&', '||', '\n'].includes(text))) return false;
  return simpleCommands(tokens).every(({ words }) => {
    const [first] = commandWords(words);
    return words.length === 0 || (first !== undefined && !changesShell.has(first.value ?? ''));
  });
}

const isAssignment = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(text);

const reserved = new Set('! { } case do done elif else esac fi for if in then until while'.split(' '));

/** A simple command. */
export interface SimpleCommand {
  /** Assignments in front included. */
  readonly words: readonly ShellToken[];
  /** `> path` */
  readonly redirections: readonly { readonly operator: string; readonly target: ShellToken }[];
  /** The subshells `( … )` that it runs in, from the outermost, by their positions. */
  readonly subshells: readonly number[];
}

/**
 * The simple commands of a text. Reserved words are left out; what is between `case` and `esac` is taken for commands,
 * which says too much rather than too little.
 */
export function simpleCommands(tokens: readonly ShellToken[]): readonly SimpleCommand[] {
  let subshells: readonly number[] = [];
  let current = emptyCommand(subshells);
  let redirection: string | undefined;
  let isHead = false;
  const commands = [current];
  const begin = (): void => void commands.push((current = emptyCommand(subshells)));
  for (const token of tokens) {
    if (token.kind === 'operator') {
      if (token.text === '(') subshells = [...subshells.slice(0, maximumDepth), token.start];
      if (token.text === ')') subshells = subshells.slice(0, -1);
      isHead = false;
      redirection = /[<>]/.test(token.text) ? token.text : undefined;
      if (redirection === undefined) begin();
    } else if (redirection !== undefined) {
      current.redirections.push({ operator: redirection, target: token });
      redirection = undefined;
    } else if (current.words.length === 0 && reserved.has(token.text)) {
      begin();
      // `for x in a b`, `case x in`: words that are no command
      isHead = /^(?:for|case)$/.test(token.text);
    } else if (!isHead) current.words.push(token);
  }
  return commands.filter(({ words, redirections }) => words.length + redirections.length > 0);
}

interface OpenCommand {
  readonly words: ShellToken[];
  readonly redirections: { operator: string; target: ShellToken }[];
  readonly subshells: readonly number[];
}

const emptyCommand = (subshells: readonly number[]): OpenCommand => ({ words: [], redirections: [], subshells });

/** Subshells in subshells that are told apart. */
const maximumDepth = 20;

/** The words of a command behind its assignments. */
export function commandWords(words: readonly ShellToken[]): readonly ShellToken[] {
  const first = words.findIndex(({ text }) => !isAssignment(text));
  return first === -1 ? [] : words.slice(first);
}
