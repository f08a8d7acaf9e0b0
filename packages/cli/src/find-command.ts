import type { CommandDescription } from './command.ts';
import { CliError } from './errors.ts';

/** A command that the words name, and what follows its name. */
export interface FoundCommand {
  readonly command: CommandDescription;
  readonly rest: readonly string[];
}

/**
 * Finds the command that the words name, longest name first.
 *
 * @throws CliError HF_CLI_COMMAND with the nearest name
 */
export async function findCommand(
  words: readonly string[],
  commands: readonly CommandDescription[],
): Promise<FoundCommand> {
  for (const length of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, length).join(' '));
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  const named = words.slice(0, 2).filter((word) => !word.startsWith('-'));
  throw new CliError('HF_CLI_COMMAND', `there is no command \`${named.join(' ').slice(0, 60)}\``, {
    fix: await hint(named, commands),
  });
}

/** The commands that begin with a word that is no command itself: `key`. */
export function familyOf(
  word: string | undefined,
  commands: readonly CommandDescription[],
): readonly CommandDescription[] {
  return word === undefined ? [] : commands.filter(({ name }) => name.startsWith(`${word} `));
}

async function hint(words: readonly string[], commands: readonly CommandDescription[]): Promise<string> {
  const { nearest } = await import('@holdfast/contracts/wording');
  const family = familyOf(words[0], commands);
  const names = (family.length > 0 ? family : commands).map(({ name }) => name);
  const meant = nearest(words.join(' '), names) ?? (family.length > 0 ? undefined : nearest(words[0] ?? '', names));
  if (meant !== undefined) return `did you mean \`holdfast ${meant}\`?`;
  if (family.length > 0) return `there is ${names.map((name) => `\`${name}\``).join(', ')}`;
  return '`holdfast --help` lists the commands';
}
