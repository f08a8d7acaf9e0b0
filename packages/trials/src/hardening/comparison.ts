import { randomOf } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { openVictim, type VictimOptions } from '../onnx-victim.ts';
import type { SuiteName } from '../robustness/choices.ts';
import { evaluate, type RowOutcome } from '../robustness/evaluate.ts';
import { suites } from '../robustness/suite.ts';
import { samplesOf } from '../session-values.ts';
import { type FileSize, fileSize } from './file-size.ts';
import { type Latency, latencies } from './latency.ts';

/** What two files are measured with. */
export interface ComparisonOptions extends Omit<VictimOptions, 'threads'> {
  readonly samples: Samples;
  /** What an attacker may do; without it nothing is attacked. */
  readonly threat?: Threat;
  /** `quick` unless given. */
  readonly suite?: SuiteName;
  readonly seed?: string;
  /** 1 unless given. */
  readonly threads?: number;
  /** Runs of each file whose time is taken (30), and rows of each (1); `false`: no time is taken. */
  readonly latency?: { readonly runs?: number; readonly rows?: number } | false;
  /** Is told what is going on: 0 to 1, and what is measured. */
  readonly progress?: (done: number, what: string) => void;
}

/** What a file is and does. */
export interface Measured extends FileSize {
  /** Rows that are classified rightly. */
  readonly right: number;
  /** Rows that withstand every attack of the suite; absent where none was made. */
  readonly withstood?: number;
  /** Of a run, in milliseconds. */
  readonly latency?: Latency;
}

/** What a hardening cost and won: plain data. */
export interface Comparison {
  /** Samples that both were measured with. */
  readonly rows: number;
  readonly before: Measured;
  readonly after: Measured;
  /** Rows that both give the same class. */
  readonly agreeing: number;
}

/**
 * Measures two files with the same samples, attacks, seed and threads. All but the latency is the same on every run of one
 * machine.
 * @param before the file that was hardened
 * @param after the file that came of it
 * @throws TrialsError, OnnxError, InferenceError
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { comparison } from '@holdfast/trials/hardening/comparison';
 * const [before, after] = await Promise.all(['model.onnx', 'pruned.onnx'].map(async (path) => readFile(path)));
 * const samples = { x: new Float32Array(64), labels: Int32Array.of(3) };
 * if (before && after) await comparison(before, after, { samples, threat: { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } });
 * ```
 */
export async function comparison(
  before: Uint8Array,
  after: Uint8Array,
  options: ComparisonOptions,
): Promise<Comparison> {
  const first = await examined(before, options, 0, 'before');
  const second = await examined(after, options, 0.45, 'after');
  options.progress?.(0.9, 'latency');
  const times = await timesOf([before, after], [first, second], options);
  const measured = ({ outcomes }: Examined, file: Uint8Array, place: number): Measured => ({
    ...fileSize(file),
    ...counts(outcomes, options),
    ...(times[place] === undefined ? {} : { latency: times[place] }),
  });
  return {
    rows: options.samples.labels.length,
    before: measured(first, before, 0),
    after: measured(second, after, 1),
    agreeing: first.outcomes.filter(({ clean }, row) => clean === second.outcomes[row]?.clean).length,
  };
}

interface Examined {
  readonly outcomes: readonly RowOutcome[];
  readonly input: string;
  readonly dims: readonly number[];
}

async function examined(file: Uint8Array, options: ComparisonOptions, start: number, name: string): Promise<Examined> {
  const { samples, threat, suite = 'quick', seed = '0', threads = 1 } = options;
  const victim = await openVictim(file, { ...options, threads });
  try {
    const members = threat === undefined ? [] : suites[suite](threat.ball, victim.classes);
    // without members nothing is changed, and no threat is looked at
    const within = threat ?? { ball: { norm: 'linf', epsilon: 0 }, bounds: { low: 0, high: 0 } };
    let begun = 0;
    const { outcomes } = await evaluate(victim, samples, within, members, randomOf(seed), {
      onMember(what) {
        options.progress?.(start + (0.45 * begun) / members.length, `${name}: ${what}`);
        begun += 1;
      },
    });
    return { outcomes, input: victim.input, dims: victim.dims };
  } finally {
    await victim.release();
  }
}

function counts(
  outcomes: readonly RowOutcome[],
  { samples, threat }: ComparisonOptions,
): Pick<Measured, 'right' | 'withstood'> {
  const right = outcomes.filter(({ clean }, row) => clean === samples.labels[row]);
  if (threat === undefined) return { right: right.length };
  return { right: right.length, withstood: right.filter(({ brokenBy }) => brokenBy === undefined).length };
}

async function timesOf(
  files: readonly Uint8Array[],
  found: readonly Examined[],
  options: ComparisonOptions,
): Promise<Latency[]> {
  if (options.latency === false) return [];
  const { runs = 30, rows = 1 } = options.latency ?? {};
  const { samples, threads = 1 } = options;
  const size = samples.x.length / samples.labels.length;
  const part = rowsOf(samples, [...samples.labels.keys()].slice(0, rows), size);
  const feeds = found.map(({ input, dims }) => ({ [input]: samplesOf(part.x, dims) }));
  return latencies(files, feeds, { runs, threads });
}
