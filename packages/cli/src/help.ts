import { type CommandDescription, globalOptions } from './command.ts';
import { labelled } from './wrap.ts';

const byName = (commands: readonly CommandDescription[]): string[] => {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 4;
  return commands.flatMap(({ name, summary }) => labelled(`  ${name}`.padEnd(width), width, summary));
};

/** The first page: every command in a line. */
export function generalHelp(commands: readonly CommandDescription[]): string[] {
  return [
    'holdfast: every step of a model’s life leaves signed evidence;',
    'nothing ships without it',
    '',
    'Usage: holdfast COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    ...byName(commands),
    '',
    '`holdfast COMMAND --help` says more. Exit: 0 pass, 1 findings or denial,',
    '2 wrong usage or configuration, 3 could not find out.',
  ];
}

/** The commands that begin with one word: `holdfast key`. */
export function familyHelp(commands: readonly CommandDescription[]): string[] {
  return [
    ...commands.flatMap(({ name, usage, summary }) => [`holdfast ${name} ${usage}`.trim(), `    ${summary}`]),
    '',
    '`holdfast COMMAND --help` says more.',
  ];
}

/** The page of one command. */
export function commandHelp({ name, usage, summary, options }: CommandDescription): string[] {
  const width = 28;
  const describe = (all: CommandDescription['options']): string[] =>
    Object.entries(all).flatMap(([option, { short, value, summary: text }]) => {
      const flags = `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`;
      return labelled(`  ${flags.padEnd(width - 4)}  `, width, text);
    });
  return [
    `holdfast ${name} ${usage}`.trim(),
    '',
    ...labelled('  ', 2, summary),
    '',
    ...(Object.keys(options).length === 0 ? [] : ['Options:', ...describe(options), '']),
    'With every command:',
    ...describe(globalOptions),
  ];
}
