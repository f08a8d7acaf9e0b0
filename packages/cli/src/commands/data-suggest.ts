import { suggestSchema } from '@holdfast/data/suggest/options';
import { type MadeSuite, suggestCheck } from '@holdfast/data/suggest/suggest-check';
import { checkPath } from '@holdfast/pipeline/check-path';
import { type CommandModule, type CommandResult, type Exit, flag, type Invocation, textOption } from '../command.ts';
import { exitOf, given } from '../data/data-command.ts';
import { requireNew, writeNew } from '../data/write-new.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const output = textOption(invocation, 'output');
  if (output !== undefined) await requireNew(pathIn(invocation, output), flag(invocation, 'force'));
  const { suite, exit } = await suggested(invocation, terminal);
  if (output !== undefined) await writeNew(pathIn(invocation, output), suite.text, flag(invocation, 'force'));
  return told(suite, exit, output, terminal);
};

async function suggested(invocation: Invocation, terminal: Terminal): Promise<{ suite: MadeSuite; exit: Exit }> {
  const [artifact] = invocation.arguments;
  if (artifact === undefined)
    throw new CliError('HF_CLI_USAGE', '`data suggest` takes a path of a table or `--from SCHEMA`');
  const made: MadeSuite[] = [];
  const check = suggestCheck((suite) => made.push(suite));
  const stop = interruption();
  try {
    const { report } = await checkPath({
      ...{ check, artifact, folder: invocation.folder, signal: stop.signal },
      options: given(invocation, suggestSchema),
      progress: (done) => {
        terminal.progress(`${Math.round(done * 100)} %   ${check.name}`);
      },
    });
    terminal.progress(undefined);
    const [suite] = made;
    if (suite === undefined) throw new CliError('HF_CLI_INTERNAL', 'no suite was made');
    return { suite, exit: exitOf(report) };
  } finally {
    stop.release();
  }
}

/** What was written, or the suite itself where it goes to standard output. */
function told(suite: MadeSuite, exit: Exit, output: string | undefined, terminal: Terminal): CommandResult {
  const { name, suggestions, left, text } = suite;
  const result = {
    ...{ name, expectations: suggestions.length, left },
    ...(output === undefined ? { suite: JSON.parse(text) as unknown } : { output }),
  };
  if (output === undefined) return { exit, lines: text.trimEnd().split('\n'), result };
  const lines = [
    `${terminal.paint('green', '✓')} ${output}   ${suggestions.length} expectations`,
    ...(left.length === 0 ? [] : ['', '  not in it:']),
    ...left.flatMap((line) => labelled('  ? ', 4, line)),
    '',
    `Next   holdfast data validate PATH --suite ${output}`,
  ];
  return { exit, lines, result };
}
