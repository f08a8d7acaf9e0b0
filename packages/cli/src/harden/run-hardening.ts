import { access, readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Samples, Threat } from '@holdfast/trials';
import type { Comparison } from '@holdfast/trials/hardening/comparison';
import { type CommandResult, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';
import { comparisonLines } from '../trial/comparison-lines.ts';
import { labelled } from '../wrap.ts';
import { TimeLeft } from './time-left.ts';

/** What a kind of hardening makes of a model. */
export interface Made {
  readonly bytes: Uint8Array;
  /** Samples to measure both files with, and what they are. */
  readonly measuredOn: Samples;
  readonly measuredWith: string;
  readonly threat?: Threat;
  /** What it did, for people and for programs. */
  readonly lines: readonly string[];
  readonly report: Readonly<Record<string, unknown>>;
}

/** What goes on around it. */
export interface Around {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: (done: number, what: string) => void;
  /** The path of the new file. */
  readonly output: string;
}

export interface Hardening {
  readonly kind: string;
  readonly seed: string;
  readonly threads: number;
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  make(bytes: Uint8Array, around: Around): Promise<Made>;
  /** Behind the new file is written. */
  done?(output: string): Promise<void>;
}

/** Rows that both files are measured with. */
const mostRows = 1000;

/** Reads the model, hardens it, measures both, writes the new file. */
export async function runHardening(
  invocation: Invocation,
  terminal: Terminal,
  hardening: Hardening,
): Promise<CommandResult> {
  const [name = ''] = invocation.arguments;
  const output = await outputOf(invocation, name);
  const before = await readFile(pathIn(invocation, name));
  const stop = interruption();
  const left = new TimeLeft();
  const progress = (done: number, what: string): void => {
    terminal.progress(`${Math.round(done * 100)} %   ${what}   ${left.after(done)}`);
  };
  try {
    const made = await hardening.make(before, {
      ...{ folder: invocation.folder, signal: stop.signal, output },
      progress: (done, what) => {
        progress(0.9 * done, what);
      },
    });
    const compared = await measured(before, made, hardening, (done, what) => {
      progress(0.9 + 0.1 * done, what);
    });
    const { writeWhole } = await import('@holdfast/trials/hardening/write-whole');
    await writeWhole(output, [made.bytes]);
    await hardening.done?.(output);
    terminal.progress(undefined);
    return told(name, textOption(invocation, 'output') ?? '', made, compared, terminal);
  } finally {
    stop.release();
  }
}

async function outputOf(invocation: Invocation, model: string): Promise<string> {
  const given = textOption(invocation, 'output');
  const fix = 'say with `--output NEW.onnx` where the new file goes';
  if (given === undefined) throw new CliError('HF_CLI_USAGE', '`--output` is missing', { fix });
  const output = pathIn(invocation, given);
  await access(dirname(output));
  const isSame = (await realpath(output).catch(() => output)) === (await realpath(pathIn(invocation, model)));
  if (isSame) throw new CliError('HF_CLI_USAGE', `\`--output ${given}\` is the model itself`, { fix });
  return output;
}

async function measured(
  before: Uint8Array,
  made: Made,
  { seed, threads, normalise }: Hardening,
  progress: (done: number, what: string) => void,
): Promise<Comparison | undefined> {
  const { x, labels } = made.measuredOn;
  const rows = Math.min(labels.length, mostRows);
  if (rows === 0) return undefined;
  const { comparison } = await import('@holdfast/trials/hardening/comparison');
  return comparison(before, made.bytes, {
    samples: { x: x.subarray(0, (x.length / labels.length) * rows), labels: labels.subarray(0, rows) },
    ...{ seed, threads, progress },
    ...(made.threat === undefined ? {} : { threat: made.threat }),
    ...(normalise === undefined ? {} : { normalise }),
  });
}

function told(
  model: string,
  output: string,
  made: Made,
  compared: Comparison | undefined,
  terminal: Terminal,
): CommandResult {
  const table =
    compared === undefined
      ? ['  not measured: no samples were held out, and `--test` names none']
      : [...comparisonLines(compared), ...labelled('  measured on     ', 18, `${compared.rows} ${made.measuredWith}`)];
  return {
    exit: 0,
    lines: [`${terminal.paint('green', '✓')} ${output}`, ...made.lines, '', ...table],
    result: { model, output, ...made.report, ...(compared === undefined ? {} : { comparison: compared }) },
  };
}
