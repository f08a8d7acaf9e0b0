import { type CommandDescription, globalOptions } from './command.ts';

/** The first page: every command in a line. */
export function generalHelp(commands: readonly CommandDescription[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'holdfast: every step of a model’s life leaves signed evidence; nothing ships without it',
    '',
    'Usage: holdfast COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '`holdfast COMMAND --help` says more. Exit: 0 pass, 1 findings or denial,',
    '2 wrong usage or configuration, 3 could not find out.',
  ].join('\n');
}

/** The page of one command. */
export function commandHelp({ name, usage, summary, options }: CommandDescription): string {
  const describe = (all: CommandDescription['options']): string[] =>
    Object.entries(all).map(([option, { short, value, summary: text }]) => {
      const flags = `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`;
      return `  ${flags.padEnd(26)} ${text}`;
    });
  return [
    `holdfast ${name} ${usage}`.trim(),
    '',
    `  ${summary}`,
    '',
    ...(Object.keys(options).length === 0 ? [] : ['Options:', ...describe(options), '']),
    'With every command:',
    ...describe(globalOptions),
  ].join('\n');
}
