import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import type { Judge, Reference } from '../callables/judge.ts';
import { Calls } from './calls.ts';
import { Machine } from './machine.ts';

/** Opcodes that are tried, and the longest line of one, in bytes. */
const mostOpcodes = 2 ** 16;
const longestLine = 2 ** 16;

/** What became of a trial. */
export interface Trial {
  /** Offset behind STOP; undefined where it failed before, or goes on. */
  readonly end: number | undefined;
  /** Whether something was imported by a name that can be one. */
  readonly named: boolean;
  /** Whether a loader does anything after that, or all ends there. */
  readonly goesOn: boolean;
  /** Whether there are more opcodes than were tried. */
  readonly cut: boolean;
  /** How many were. */
  readonly steps: number;
}

const importable = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** Goes through the beginning of what may be a pickle, and judges nothing. */
export function tryPickle(source: ByteSource, start = 0, most = mostOpcodes): Trial {
  let namedAfter: number | undefined;
  const passed = { verdict: 'pass', returns: { kind: 'opaque' } } as const;
  const judge: Judge = {
    reference: ({ module, name }: Reference) => {
      if (importable.test(module) && importable.test(name)) namedAfter ??= machine.steps;
      return passed;
    },
    call: () => passed,
    digest: '',
  };
  const calls = new Calls(judge, { judged: () => undefined, odd: () => undefined });
  const machine: Machine = new Machine(source, start, longestLine, silent(calls), Math.min(most, mostOpcodes));
  try {
    const cut = machine.run() === undefined;
    return {
      end: cut ? undefined : machine.input.at,
      named: namedAfter !== undefined,
      goesOn: true,
      cut,
      steps: machine.steps,
    };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const goesOn = namedAfter !== undefined && (machine.steps > namedAfter + 1 || machine.at >= source.size);
    return { end: undefined, named: namedAfter !== undefined, goesOn, cut: false, steps: machine.steps };
  }
}

function silent(calls: Calls): ConstructorParameters<typeof Machine>[3] {
  const nothing = (): undefined => undefined;
  return {
    ...{ calls, persistent: () => ({ kind: 'opaque' }) as const },
    ...{ odd: nothing, misframed: nothing, extension: nothing, string: nothing, built: nothing, moved: nothing },
  };
}

/** Whether a loader that takes the bytes for opcodes would import or call something. */
export function reachesCode(source: ByteSource, start: number): boolean {
  if (start >= source.size) return false;
  const { named, cut } = tryPickle(source, start);
  return named || cut;
}
