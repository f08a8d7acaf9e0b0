import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type CommandDescription, globalOptions, type Invocation } from './command.ts';
import { CliError } from './errors.ts';

/**
 * Splits off the options that stand before the command, as in `holdfast --json -C model status`.
 *
 * @throws CliError HF_CLI_USAGE for one that not every command takes
 */
export async function leadingOptions(
  words: readonly string[],
): Promise<{ leading: string[]; rest: readonly string[] }> {
  const leading: string[] = [];
  let at = 0;
  for (let word = words[at]; word?.startsWith('-') === true; word = words[at]) {
    const [name = ''] = word.split('=');
    const known = Object.entries(globalOptions).find(
      ([long, { short }]) => name === `--${long}` || name === `-${short ?? ''}`,
    );
    if (known === undefined) throw await unknownOption(name, globalOptions, 'holdfast --help');
    const takesNext = known[1].type === 'string' && !word.includes('=');
    leading.push(...words.slice(at, at + (takesNext ? 2 : 1)));
    at += takesNext ? 2 : 1;
  }
  return { leading, rest: words.slice(at) };
}

/**
 * Reads what follows the name of a command.
 *
 * @throws CliError HF_CLI_USAGE
 */
export async function readInvocation(command: CommandDescription, words: readonly string[]): Promise<Invocation> {
  const at = command.takesCommand === true ? words.indexOf('--') : -1;
  const behind = at < 0 ? [] : words.slice(at + 1);
  const { values, positionals } = await parse(command, at < 0 ? words : words.slice(0, at));
  if (at >= 0 && values['help'] !== true) requireCommand(command, behind, positionals);
  const [least, most] = command.arguments;
  if (values['help'] !== true && (positionals.length < least || positionals.length > most)) {
    throw new CliError('HF_CLI_USAGE', `\`${command.name}\` takes ${countOf(least, most)}, not ${positionals.length}`, {
      fix: `holdfast ${command.name} ${command.usage}`.trim(),
    });
  }
  const folder = typeof values['project'] === 'string' ? resolve(values['project']) : process.cwd();
  const invocation = { arguments: positionals, options: values as Invocation['options'], folder };
  const [program, ...rest] = behind;
  return program === undefined ? invocation : { ...invocation, command: [program, ...rest] };
}

function requireCommand({ name }: CommandDescription, behind: readonly string[], before: readonly string[]): void {
  if (behind.length > 0 && before.length === 0) return;
  const message =
    behind.length === 0 ? 'there is no command behind `--`' : `\`${before[0] ?? ''}\` stands before \`--\``;
  throw new CliError('HF_CLI_USAGE', message, { fix: `holdfast ${name} -- python train.py` });
}

function countOf(least: number, most: number): string {
  if (most === 0) return 'no arguments';
  const range = least === most ? String(most) : least === 0 ? `at most ${most}` : `${least} to ${most}`;
  return `${range} ${most === 1 ? 'argument' : 'arguments'}`;
}

async function parse(command: CommandDescription, words: readonly string[]) {
  const options = { ...globalOptions, ...command.options };
  try {
    return parseArgs({ args: [...words], options: parseArgsOptions(options), allowPositionals: true, strict: true });
  } catch (cause) {
    throw await usageError(command, options, cause);
  }
}

function parseArgsOptions(options: CommandDescription['options']): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple = false }]) => [
      name,
      { type, multiple, ...(short === undefined ? {} : { short }) },
    ]),
  );
}

/** Says what `parseArgs` found in our own words; it names the option first, in single quotes. */
async function usageError(
  { name }: CommandDescription,
  options: CommandDescription['options'],
  cause: unknown,
): Promise<CliError> {
  const message = cause instanceof Error ? cause.message : String(cause);
  const option = /'(?:-\w, )?(-{1,2}[^\s'=]*)/.exec(message)?.[1] ?? '';
  const fix = `holdfast ${name} --help`;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return unknownOption(option, options, fix);
  const takesNone = message.includes('does not take an argument');
  return new CliError('HF_CLI_USAGE', `\`${option}\` ${takesNone ? 'takes no value' : 'needs a value'}`, {
    fix,
    cause,
  });
}

async function unknownOption(option: string, options: CommandDescription['options'], fix: string): Promise<CliError> {
  const { nearest } = await import('@holdfast/contracts/wording');
  const meant = nearest(option.replace(/^-+/, ''), Object.keys(options));
  return new CliError('HF_CLI_USAGE', `there is no option \`${option.slice(0, 60)}\``, {
    fix: meant === undefined ? fix : `did you mean \`--${meant}\`?`,
  });
}

/** A path that the caller named, as seen from the folder that the command works in. */
export function pathIn({ folder }: Invocation, path: string): string {
  return resolve(folder, path);
}
