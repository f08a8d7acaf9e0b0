import { terminalSanitiser } from '@holdfast/pipeline/execution/terminal';
import type { CommandRun, CommandWish } from '@holdfast/pipeline/run-command';
import type { IsolationLevel } from '@holdfast/sandbox/isolation';
import { type CommandResult, flag, type Invocation, textOption, textOptions } from './command.ts';
import { interruption } from './interruption.ts';
import { networkLines } from './network-lines.ts';
import type { Terminal } from './terminal.ts';
import { countOf } from './view-lines.ts';
import { labelled } from './wrap.ts';

/** `holdfast run -- COMMAND`: its own output goes to standard error as it comes, what became of it to standard output. */
export async function runCommand(
  invocation: Invocation,
  argv: CommandWish['argv'],
  isolation: IsolationLevel | undefined,
  terminal: Terminal,
): Promise<CommandResult> {
  const { runSingleCommand } = await import('@holdfast/pipeline/run-command');
  const stop = interruption();
  terminal.progress(''); // its own output tells that it goes on
  try {
    const run = await runSingleCommand({
      ...wishOf(invocation, argv),
      isolation,
      signal: stop.signal,
      ...(flag(invocation, 'quiet') || flag(invocation, 'json') ? {} : { onOutput: toStandardError() }),
    });
    return { exit: 0, lines: report(run, terminal), result: resultOf(run) };
  } finally {
    stop.release();
  }
}

function wishOf(invocation: Invocation, argv: CommandWish['argv']): Omit<CommandWish, 'signal'> {
  const text = (name: string): Record<string, string> => {
    const value = textOption(invocation, name);
    return value === undefined ? {} : { [name]: value };
  };
  const cpus = textOption(invocation, 'cpus');
  const gpu = textOption(invocation, 'gpu');
  const network = textOptions(invocation, 'network');
  return {
    argv,
    folder: invocation.folder,
    ...text('name'),
    ...text('builder'),
    inputs: textOptions(invocation, 'input'),
    outputs: textOptions(invocation, 'output'),
    toolchain: textOptions(invocation, 'tool'),
    secrets: textOptions(invocation, 'secret'),
    sandbox: {
      ...text('memory'),
      ...text('time'),
      ...(cpus === undefined ? {} : { cpus: Number(cpus) }),
      ...(gpu === undefined ? {} : { gpu: gpu === 'all' || gpu === 'none' ? gpu : Number(gpu) }),
      ...(network.length === 0 ? {} : { network: [...network] }),
    },
  };
}

/** What a command prints may hold what a terminal would obey. */
function toStandardError(): (chunk: Uint8Array) => void {
  const sanitise = terminalSanitiser();
  return (chunk) => {
    process.stderr.write(sanitise(chunk));
  };
}

function report(
  { stage, result, left, undeclared, isNew, ledgerSize, evidence }: CommandRun,
  terminal: Terminal,
): string[] {
  const { level, mechanism, notEnforced } = result.enforcement;
  const memory = result.trace.peakRssBytes;
  const used = memory === undefined ? '' : `   peak ${Math.round(memory / 2 ** 20)} MiB`;
  const shown = (paths: readonly string[]): string =>
    [...paths.slice(0, 6), ...(paths.length > 6 ? [`and ${paths.length - 6} more`] : [])].join(', ');
  const line = (label: string, text: string): string[] => labelled(label.padEnd(9), 9, text);
  return [
    `${terminal.paint('green', '✓ done')}   ${(result.trace.wallMs / 1000).toFixed(1)} s${used}   isolation: ${level}${level === 'none' ? '' : ` (${mechanism})`}`,
    ...line(
      'read',
      `${countOf(stage.inputs.length, 'input', 'inputs')}: ${shown(stage.inputs.map(({ path }) => path))}`,
    ),
    ...(left.length === 0 ? [] : line('hidden', `${shown(left)}: looks like a secret, or leads out; --input shows it`)),
    ...line('wrote', stage.outputs.length === 0 ? 'nothing' : shown(stage.outputs.map(({ path }) => path))),
    ...networkLines(result.account).flatMap((text) => line('network', text)),
    ...(undeclared === undefined || undeclared.length === 0
      ? []
      : line('dropped', `${shown(undeclared)}: not declared`)),
    ...(notEnforced.length === 0 ? [] : line('!', `this machine could not enforce ${notEnforced.join(', ')}`)),
    ...line('evidence', `${evidence[0]?.id.slice(0, 12) ?? ''}… signed and logged (ledger at ${ledgerSize})`),
    ...(isNew ? line('new', '.holdfast/ (your key, a ledger), policy/trust.json (whose keys count)') : []),
    `Next     holdfast evidence show ${evidence[0]?.id.slice(0, 12) ?? ''}`,
  ];
}

function resultOf({ stage, project, ...run }: CommandRun): unknown {
  return {
    name: stage.name,
    command: stage.command,
    folder: project.folder,
    inputs: stage.inputs,
    outputs: stage.outputs,
    ...run,
  };
}
