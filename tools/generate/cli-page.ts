import type { CommandDescription, CommandOption } from '../../packages/cli/src/command.ts';
import { code, page, sentence, table } from './markdown.ts';

/** docs/reference/cli.md: every command with its options. */
export function cliPage(commands: readonly CommandDescription[], everywhere: CommandDescription['options']): string {
  return page(
    '# Command line',
    'Results go to standard output, progress and errors to standard error. Exit: **0** pass · **1** findings, tampering, a ' +
      'failed stage, a denial · **2** wrong usage or configuration · **3** could not find out. What an error means: ' +
      '[errors](../errors.md).',
    table(
      ['command', ''],
      commands.map(({ name, summary }) => [`[${code(`holdfast ${name}`)}](#${anchor(name)})`, sentence(summary)]),
    ),
    '## With every command',
    optionsTable(everywhere),
    ...commands.flatMap(section),
  );
}

/** How GitHub names the heading `holdfast key create`. */
function anchor(name: string): string {
  return `holdfast ${name}`.replaceAll(' ', '-');
}

function section({ name, usage, summary, options }: CommandDescription): string[] {
  return [
    `## holdfast ${name}`,
    sentence(summary),
    `\`\`\`\n${`holdfast ${name} ${usage}`.trim()}\n\`\`\``,
    Object.keys(options).length === 0 ? '' : optionsTable(options),
  ];
}

function optionsTable(options: CommandDescription['options']): string {
  return table(
    ['option', ''],
    Object.entries(options).map(([name, option]) => [flags(name, option), sentence(option.summary)]),
  );
}

function flags(name: string, { short, value }: CommandOption): string {
  const long = code(`--${name}${value === undefined ? '' : ` ${value}`}`);
  return short === undefined ? long : `${code(`-${short}`)}, ${long}`;
}
