import type { CommandDescription, CommandResult, Exit, Invocation } from './command.ts';
import { commands } from './command-table.ts';
import { failureLines, failureOf } from './failure.ts';
import { familyOf, findCommand } from './find-command.ts';
import { commandHelp, familyHelp, generalHelp } from './help.ts';
import { leadingOptions, readInvocation } from './invocation.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Runs the command line. Flags that decide how an error is told are looked for before anything can fail. */
export async function runCommandLine(words: readonly string[]): Promise<Exit> {
  const terminal = openTerminal({
    color: !words.includes('--no-color'),
    quiet: words.some((word) => word === '--quiet' || word === '-q' || word === '--json'),
  });
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    const failure = failureOf(error);
    if (words.includes('--json')) print({ ok: false, exit: failure.exit, error: failure });
    else process.stderr.write(`${terminal.show(failureLines(failure).join('\n'))}\n`);
    if (words.includes('--debug') && error instanceof Error) process.stderr.write(`${terminal.show(trace(error))}\n`);
    return failure.exit;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<Exit> {
  if (words[0] === '--version' || words[0] === '-V') return tellVersion(words);
  const { leading, rest } = await leadingOptions(words);
  const asksHelp = leading.some((word) => word === '--help' || word === '-h');
  const [first, ...others] = rest;
  if (first === undefined) return tellPage(generalHelp(commands));
  if (first === 'help') return others.length === 0 ? tellPage(generalHelp(commands)) : helpAbout(others);
  const own = others.includes('--') ? others.slice(0, others.indexOf('--')) : others;
  if (asksHelp || own.includes('--help') || own.includes('-h')) return helpAbout(rest);
  const { command, rest: behind } = await findCommand(rest, commands);
  const invocation = await readInvocation(command, [...leading, ...behind]);
  return tell(command, await carryOut(command, invocation, terminal), invocation, terminal);
}

async function helpAbout(words: readonly string[]): Promise<Exit> {
  const family = familyOf(words[0], commands);
  const second = words[1]?.startsWith('-') === false;
  if (family.length > 0 && !second) return tellPage(familyHelp(family));
  return tellPage(commandHelp((await findCommand(words, commands)).command));
}

function tellPage(lines: readonly string[]): Exit {
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

async function tellVersion(words: readonly string[]): Promise<Exit> {
  const { version } = await import('@holdfast/pipeline/version');
  if (words.includes('--json')) print({ ok: true, exit: 0, command: 'version', result: { version } });
  else process.stdout.write(`holdfast ${version}\n`);
  return 0;
}

/** What takes longer than a second says that it goes on; a command may say more about it. */
async function carryOut(
  command: CommandDescription,
  invocation: Invocation,
  terminal: Terminal,
): Promise<CommandResult> {
  const began = performance.now();
  let own = false;
  const timer = setInterval(() => {
    if (!own) terminal.progress(`holdfast ${command.name} … ${Math.round((performance.now() - began) / 1000)} s`);
  }, 1000);
  timer.unref();
  const progress = (line: string | undefined): void => {
    own = line !== undefined;
    terminal.progress(line);
  };
  try {
    return await (await command.load()).run(invocation, { ...terminal, progress });
  } finally {
    clearInterval(timer);
    terminal.progress(undefined);
  }
}

function tell(
  command: CommandDescription,
  { exit, lines, result }: CommandResult,
  { options }: Invocation,
  terminal: Terminal,
): Exit {
  if (options['json'] === true) print({ ok: exit === 0, exit, command: command.name, result });
  else if (options['quiet'] !== true && lines.length > 0) process.stdout.write(`${terminal.show(lines.join('\n'))}\n`);
  return exit;
}

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** Where an error comes from, and what led to it. */
function trace(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${trace(error.cause)}` : '';
  return `${error.stack ?? ''}${cause}`;
}
