import { parseArgs } from 'node:util';
import { type CommandDescription, type CommandResult, type Exit, type Invocation, parseArgsOptions } from './command.ts';
import { commands } from './command-table.ts';
import { CliError } from './errors.ts';
import { failureLines, failureOf } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { openTerminal } from './terminal.ts';

/** Finds the command that the words name, longest name first, and what follows it. */
function findCommand(words: readonly string[]): { command: CommandDescription; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, length).join(' '));
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  const family = commands.filter(({ name }) => name.startsWith(`${words[0] ?? ''} `)).map(({ name }) => `\`${name}\``);
  const hint = family.length > 0 ? { fix: `there is ${family.join(', ')}` } : {};
  throw new CliError('HF_CLI_COMMAND', `there is no command \`${words.slice(0, 2).join(' ').slice(0, 60)}\``, hint);
}

function readInvocation(command: CommandDescription, rest: readonly string[]): Invocation {
  const { values, positionals } = parse(command, rest);
  const [least, most] = command.arguments;
  if (values['help'] !== true && (positionals.length < least || positionals.length > most)) {
    throw new CliError('HF_CLI_USAGE', `\`${command.name}\` takes other arguments`, {
      fix: `holdfast ${command.name} ${command.usage}`.trim(),
    });
  }
  const folder = typeof values['project'] === 'string' ? values['project'] : process.cwd();
  return { arguments: positionals, options: values as Invocation['options'], folder };
}

function parse(command: CommandDescription, rest: readonly string[]) {
  try {
    return parseArgs({ args: [...rest], options: parseArgsOptions(command), allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
    throw new CliError('HF_CLI_USAGE', message.charAt(0).toLowerCase() + message.slice(1), {
      fix: `holdfast ${command.name} --help`,
      cause,
    });
  }
}

/** Runs the command line. The words are read twice: flags that decide how errors are told are looked for first. */
export async function main(words: readonly string[]): Promise<Exit> {
  const json = words.includes('--json');
  try {
    if (words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
      process.stdout.write(`${generalHelp(commands)}\n`);
      return 0;
    }
    const { command, rest } = findCommand(words);
    const invocation = readInvocation(command, rest);
    if (invocation.options['help'] === true) {
      process.stdout.write(`${commandHelp(command)}\n`);
      return 0;
    }
    return tell(command, await carryOut(command, invocation), invocation);
  } catch (error) {
    const failure = failureOf(error);
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, exit: failure.exit, error: failure })}\n`);
    else process.stderr.write(`${failureLines(failure).join('\n')}\n`);
    if (words.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    return failure.exit;
  }
}

async function carryOut(command: CommandDescription, invocation: Invocation): Promise<CommandResult> {
  const { options } = invocation;
  const terminal = openTerminal({ color: options['no-color'] !== true, quiet: options['quiet'] === true || options['json'] === true });
  try {
    return await (await command.load()).run(invocation, terminal);
  } finally {
    terminal.progress(undefined);
  }
}

function tell(command: CommandDescription, { exit, lines, result }: CommandResult, { options }: Invocation): Exit {
  if (options['json'] === true) {
    process.stdout.write(`${JSON.stringify({ ok: exit === 0, exit, command: command.name, result })}\n`);
  } else if (options['quiet'] !== true && lines.length > 0) {
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return exit;
}

process.stdout.on('error', () => {
  // The reader went away (`holdfast status | head`): nobody is left to tell.
});
process.exitCode = await main(process.argv.slice(2));
