import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { OperationDescription } from '@holdfast/evidence/check';
import { type OperatedPath, operatePath } from '@holdfast/pipeline/operate-path';
import { type CommandModule, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { shortHex } from '../short-hex.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';
import { exitOf, given } from './data-command.ts';
import { flagName } from './data-commands.ts';
import { placeOf, requireNotOver } from './page-files.ts';
import { resultLines } from './report-lines.ts';

/** Carries out one operation on data: reads, writes, signs where a project is, tells. */
export function operationCommand(operation: OperationDescription): CommandModule['run'] {
  return async (invocation, terminal) => {
    const [artifact = ''] = invocation.arguments;
    const outputs = outputsOf(operation, invocation);
    const stop = interruption();
    try {
      const operated = await operatePath({
        ...{ operation, artifact, folder: invocation.folder, outputs, signal: stop.signal },
        isForced: flag(invocation, 'force'),
        options: given(invocation, operation.options),
        command: `holdfast ${operation.name.replace('.', ' ')} ${basename(artifact)}`,
        located: (path) => {
          for (const [name, output] of Object.entries(outputs)) requireNotOver(`--${flagName(name)}`, output, path);
        },
        progress: (done) => {
          terminal.progress(`${Math.round(done * 100)} %   ${operation.name}`);
        },
      });
      terminal.progress(undefined);
      return {
        exit: exitOf(operated.report),
        lines: lines(operation, artifact, { outputs, invocation, operated }, terminal),
        result: { artifact, written: namesOf(outputs, invocation, operated), ...without(operated) },
      };
    } finally {
      stop.release();
    }
  };
}

/** @throws CliError HF_CLI_USAGE, HF_CLI_EXISTS */
function outputsOf({ name: operation, outputs }: OperationDescription, invocation: Invocation): Record<string, string> {
  const paths = outputs.flatMap(({ name, isOptional = false }): [string, string][] => {
    const named = textOption(invocation, flagName(name));
    if (named !== undefined) return [[name, placeOf(pathIn(invocation, named))]];
    if (isOptional) return [];
    throw new CliError('HF_CLI_USAGE', `\`--${flagName(name)}\` is missing: it says where the new file goes`, {
      fix: `holdfast ${operation.replace('.', ' ')} --help`,
    });
  });
  const twice = paths.find(([, path], at) => paths.slice(0, at).some(([, other]) => other === path));
  if (twice !== undefined) throw new CliError('HF_CLI_USAGE', `two files cannot lie in one place: \`--${twice[0]}\``);
  for (const [, path] of flag(invocation, 'force') ? [] : paths) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    throw new CliError('HF_CLI_EXISTS', `\`${basename(path)}\` is there already`, { where: path });
  }
  return Object.fromEntries(paths);
}

/** What was written, as it was named. */
const namesOf = (
  outputs: Readonly<Record<string, string>>,
  invocation: Invocation,
  { written }: OperatedPath,
): string[] =>
  Object.entries(outputs)
    .filter(([, path]) => written.includes(path))
    .map(([name]) => textOption(invocation, flagName(name)) ?? '');

const without = ({ report, evidence, builder, checker }: OperatedPath): Record<string, unknown> => ({
  ...{ verdict: report.verdict, metrics: report.metrics, findings: report.findings, coverage: report.coverage },
  statements: report.statements ?? [],
  evidence: evidence.length === 0 ? null : evidence,
  ...(builder === undefined ? {} : { builder }),
  ...(checker === undefined ? {} : { checker }),
});

interface Told {
  readonly outputs: Readonly<Record<string, string>>;
  readonly invocation: Invocation;
  readonly operated: OperatedPath;
}

function lines(operation: OperationDescription, artifact: string, told: Told, terminal: Terminal): string[] {
  const { operated, outputs, invocation } = told;
  const written = namesOf(outputs, invocation, operated);
  return [
    ...resultLines(artifact, operation, operated.report, terminal),
    ...(written.length === 0 ? [] : ['', ...labelled('  ', 2, `wrote ${written.join(', ')}`)]),
    ...labelled('  ', 2, recordedLine(operated)),
  ];
}

function recordedLine({ evidence: [provenance], builder = '' }: OperatedPath): string {
  if (provenance === undefined) return 'no evidence: this is no project (`holdfast init` makes one)';
  return `evidence ${shortHex(provenance.id)} links what was read and what was written, signed by ${builder}`;
}
