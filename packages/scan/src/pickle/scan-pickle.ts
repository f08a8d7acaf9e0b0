import { NotUnderstood } from '../bytes/source.ts';
import type { Judge, Shape } from '../callables/judge.ts';
import { judgeFor } from '../callables/judge-for.ts';
import type { Inspection } from '../inspection.ts';
import { Calls } from './calls.ts';
import type { Input } from './input.ts';
import { Machine, type Surroundings } from './machine.ts';
import { Payloads } from './payloads.ts';
import { PickleReport } from './pickle-report.ts';
import { rawArrayBehind } from './raw-arrays.ts';

/** Bytes of a line of a text opcode: it is in memory a few times over. */
const longestLine = 2 ** 25;

/** What is known about where a pickle comes from. */
export interface PickleContext {
  /** Default: what Holdfast knows, and what the user allows. */
  readonly judge?: Judge;
  /** What the loader of this format hands in for a persistent id; undefined for one that it would refuse. */
  readonly persistent?: (id: Shape, at: number) => Shape | undefined;
  /** Where the pickle starts in the part (default 0). */
  readonly start?: number;
  /** Whether bytes behind STOP are left to the caller, or are refused (default). */
  readonly trailing?: 'refuse' | 'caller';
}

export interface PickleResult {
  /** Offset behind STOP. */
  readonly end: number;
  /** What the pickle is, all in all. */
  readonly root: Shape;
  /** How many persistent ids it has. */
  readonly persistent: number;
}

/**
 * Goes through one pickle, without importing or evaluating anything, and reports what it names and calls that is not
 * allowed, and every place where CPython's two unpicklers disagree. Payloads within strings are opened.
 *
 * @throws NotUnderstood for what is no whole pickle, or beyond a limit; what it found up to there is reported
 */
export async function scanPickle(part: Inspection, context: PickleContext = {}): Promise<PickleResult> {
  const report = new PickleReport(part);
  const calls = new Calls(context.judge ?? judgeFor(part.scan.allow), report);
  const payloads = new Payloads();
  const around = surroundingsOf(part, context, { report, calls, payloads });
  const start = context.start ?? 0;
  const machine = new Machine(part.source, start, Math.min(longestLine, part.limits.textBytes), around);
  let root: Shape = { kind: 'opaque' };
  try {
    const value = machine.run();
    if (value !== undefined) root = machine.shapeOf(value);
  } finally {
    report.end();
    await payloads.open(part);
    await report.files.scan(part);
  }
  const end = machine.input.at;
  if (end < part.source.size && context.trailing !== 'caller') {
    throw new NotUnderstood(`${part.source.size - end} bytes follow the pickle`, end);
  }
  part.scan.progress(end);
  return { end, root, persistent: machine.persistentIds };
}

function surroundingsOf(
  part: Inspection,
  context: PickleContext,
  parts: { report: PickleReport; calls: Calls; payloads: Payloads },
): Surroundings {
  const { report, calls, payloads } = parts;
  return {
    calls,
    persistent: (id, at) => {
      const shape = context.persistent?.(id, at);
      if (shape === undefined) report.persistent(id, at);
      return shape ?? { kind: 'opaque' };
    },
    odd: (message, at) => {
      report.odd(message, at);
    },
    misframed: (message, at) => {
      report.misframed(message, at);
    },
    extension: (code, at) => {
      report.extension(code, at);
    },
    string: (start: number, length: number, text: boolean, input: Input) => {
      payloads.consider(start, length, text, input);
    },
    built: rawArrayBehind,
    moved: (at) => {
      part.requireTime();
      part.scan.progress(at);
    },
  };
}
