import type { ErrorRegistry } from '../error-registries.ts';
import { code, page, sentence, table } from './markdown.ts';

const exits: Readonly<Record<number, string>> = {
  1: 'findings, tampering, a denial',
  2: 'wrong usage or configuration',
  3: 'could not find out',
};

/** docs/errors.md: every code of every package. */
export function errorsPage(registries: readonly ErrorRegistry[]): string {
  return page(
    '# Errors',
    'Every error has a code that stays, says what it met, and what to do. `--json` has them as `error.code`. The exit code ' +
      `of the command: ${Object.entries(exits)
        .map(([exit, words]) => `**${exit}** ${words}`)
        .join(' · ')}.`,
    ...registries.flatMap((registry) => [`## ${registry.package}`, registryTable(registry)]),
  );
}

function registryTable({ errors }: ErrorRegistry): string {
  const rows = Object.entries(errors).map(([name, { exit, meaning, fix }]) => [
    `<a id="${name}"></a>${code(name)}`,
    String(exit),
    sentence(meaning),
    sentence(fix),
  ]);
  return table(['code', 'exit', 'what it means', 'what to do'], rows);
}
