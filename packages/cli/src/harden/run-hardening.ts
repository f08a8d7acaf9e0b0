import { createHash } from 'node:crypto';
import { access, readFile, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ArtifactDigest } from '@holdfast/evidence/digest/artifact';
import type { OperationRecorder, RecordedOperation } from '@holdfast/pipeline/record-operation';
import type { Samples, Threat } from '@holdfast/trials';
import type { Comparison } from '@holdfast/trials/hardening/comparison';
import { type CommandResult, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { shortHex } from '../short-hex.ts';
import type { Terminal } from '../terminal.ts';
import { comparisonLines } from '../trial/comparison-lines.ts';
import { labelled } from '../wrap.ts';
import { TimeLeft } from './time-left.ts';

/** What a kind of hardening makes of a model. */
export interface Made {
  readonly bytes: Uint8Array;
  /** Samples to measure both files with, and what they are. */
  readonly measuredOn: Samples | undefined;
  readonly measuredWith: string;
  readonly threat?: Threat;
  /** Beside the model: paths of what was read, with their digests as they were. */
  readonly read: readonly { readonly path: string; readonly digest: ArtifactDigest['digests'] }[];
  /** What stands in the evidence. */
  readonly parameters: Readonly<Record<string, unknown>>;
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
  const { operationRecorder } = await import('@holdfast/pipeline/record-operation');
  const recorder = await operationRecorder(invocation.folder);
  const read = [name, textOption(invocation, 'data'), textOption(invocation, 'test')];
  const paths = read.flatMap((path) => (path === undefined ? [] : [pathIn(invocation, path)]));
  await recorder?.reads(`harden.${hardening.kind}`, paths);
  const startedOn = new Date();
  const before = await readFile(pathIn(invocation, name));
  const stop = interruption();
  const progress = shownOn(terminal);
  try {
    const made = await hardening.make(before, {
      ...{ folder: invocation.folder, signal: stop.signal, output },
      progress: part(progress, 0, 0.9),
    });
    const compared = await measured(before, made, hardening, part(progress, 0.9, 1));
    await (await import('@holdfast/trials/hardening/write-whole')).writeWhole(output, [made.bytes]);
    const recorded = await recordedAs(recorder, hardening, made, compared, {
      ...{ name, output, startedOn },
      model: { path: pathIn(invocation, name), digest: { sha256: digestOf(before) } },
    });
    await hardening.done?.(output);
    terminal.progress(undefined);
    return told(name, textOption(invocation, 'output') ?? '', made, { compared, recorded }, terminal);
  } finally {
    stop.release();
  }
}

type Progress = (done: number, what: string) => void;

/** Progress of a part of the whole. */
function part(progress: Progress, from: number, to: number): Progress {
  return (done, what) => {
    progress(from + (to - from) * done, what);
  };
}

/** A line with how far it is, what it does, and how long the rest will take. */
function shownOn(terminal: Terminal): Progress {
  const left = new TimeLeft();
  return (done, what) => {
    terminal.progress(`${Math.round(done * 100)} %   ${what}   ${left.after(done)}`);
  };
}

/** In a project: what was done is signed. */
async function recordedAs(
  recorder: OperationRecorder | undefined,
  { kind }: Hardening,
  made: Made,
  compared: Comparison | undefined,
  about: { name: string; output: string; startedOn: Date; model: Made['read'][number] },
): Promise<RecordedOperation | undefined> {
  if (recorder === undefined) return undefined;
  const { hardeningReport } = await import('@holdfast/trials/hardening/hardening-report');
  const { name, model, output, startedOn } = about;
  return recorder.record({
    ...{ startedOn, outputs: { output }, name: `harden.${kind}`, command: commandOf(kind, name, made) },
    ...{ parameters: made.parameters, inputs: [model, ...made.read] },
    ...(compared === undefined ? {} : { report: hardeningReport(compared, made.threat) }),
  });
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
  if (made.measuredOn === undefined || made.measuredOn.labels.length === 0) return undefined;
  const { x, labels } = made.measuredOn;
  const rows = Math.min(labels.length, mostRows);
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
  {
    compared,
    recorded,
  }: { readonly compared: Comparison | undefined; readonly recorded: RecordedOperation | undefined },
  terminal: Terminal,
): CommandResult {
  const table =
    compared === undefined
      ? ['  not measured: there are no samples to measure with; `--test` names some']
      : [...comparisonLines(compared), ...labelled('  measured on     ', 18, `${compared.rows} ${made.measuredWith}`)];
  return {
    exit: 0,
    lines: [`${terminal.paint('green', '✓')} ${output}`, ...made.lines, '', ...table, ...evidenceLines(recorded)],
    result: {
      ...{ model, output, digest: `sha256:${digestOf(made.bytes)}`, ...made.report },
      ...(compared === undefined ? {} : { comparison: compared }),
      evidence: recorded === undefined ? null : recorded,
    },
  };
}

function evidenceLines(recorded: RecordedOperation | undefined): string[] {
  if (recorded === undefined) return ['  evidence        none: this is no project (`holdfast init` makes one)'];
  const [provenance, measurements] = recorded.evidence.map(({ id }) => shortHex(id));
  const signed = `${provenance ?? ''} links both models, signed by ${recorded.builder}`;
  const table =
    measurements === undefined
      ? 'the table is not signed: no key here holds the role checker'
      : `${measurements} is the table, signed by ${recorded.checker ?? ''}`;
  return [signed, table].flatMap((text, index) =>
    labelled(`  ${(index === 0 ? 'evidence' : '').padEnd(16)}`, 18, text),
  );
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** As it can be typed again; what was not given is in the parameters. */
function commandOf(kind: string, model: string, { parameters }: Made): string {
  const data = typeof parameters['data'] === 'string' ? ` --data ${basename(parameters['data'])}` : '';
  return `holdfast harden ${kind} ${basename(model)}${data}`;
}
