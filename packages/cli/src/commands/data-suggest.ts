import { readFile, stat } from 'node:fs/promises';
import { basename, parse } from 'node:path';
import { DataError } from '@holdfast/data/errors';
import { schemaSuite } from '@holdfast/data/suggest/import/read-schema';
import { suggestSchema } from '@holdfast/data/suggest/options';
import { type MadeSuite, suggestCheck } from '@holdfast/data/suggest/suggest-check';
import { suiteText } from '@holdfast/data/suggest/suite-text';
import { dataVersion } from '@holdfast/data/version';
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
  const from = textOption(invocation, 'from');
  if (from !== undefined && artifact === undefined) return imported(invocation, from);
  if (artifact === undefined || from !== undefined)
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

/** What has no counterpart is no reason to do without the rest, but is one to stop. */
async function imported(invocation: Invocation, from: string): Promise<{ suite: MadeSuite; exit: Exit }> {
  const name = textOption(invocation, 'name') ?? parse(from).name;
  const bytes = await readBounded(pathIn(invocation, from));
  const suite = schemaSuite(bytes);
  const about = { version: dataVersion, schema: basename(from) };
  const exit = suite.left.length === 0 || flag(invocation, 'allow-partial') ? 0 : 3;
  return { suite: { ...suite, name, text: suiteText(name, suite, about) }, exit };
}

/** Bytes of a schema. */
const largestSchema = 16 * 2 ** 20;

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > largestSchema) throw new DataError('HF_DATA_SCHEMA', `\`${path}\` is larger than ${largestSchema} bytes`);
  return readFile(path, 'utf8');
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
