import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import type { Judge, Reference } from '../callables/judge.ts';
import { BeyondLimit } from './beyond-limit.ts';
import { Calls } from './calls.ts';
import { Machine } from './machine.ts';

/** Opcodes that are tried, and the longest line of one, in bytes. */
const mostOpcodes = 2 ** 16;
const longestLine = 2 ** 26;

/** What became of a trial. */
export interface Trial {
  /** Offset behind STOP; undefined where it failed before, or goes on. */
  readonly end: number | undefined;
  /** Whether something was imported by a name that can be one. */
  readonly named: boolean;
  /** Whether something was called, or all was gone through up to STOP: two lines of any text can be a name. */
  readonly acts: boolean;
  /** Whether there are more opcodes, or longer ones, than were tried. */
  readonly cut: boolean;
}

const importable = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** Goes through the beginning of what may be a pickle, and judges nothing. */
export function tryPickle(source: ByteSource, start = 0): Trial {
  let [named, called] = [false, false];
  const passed = { verdict: 'pass', returns: { kind: 'opaque' } } as const;
  const judge: Judge = {
    reference: ({ module, name }: Reference) => {
      named ||= importable.test(module) && importable.test(name);
      return passed;
    },
    call: () => {
      called = true;
      return passed;
    },
    digest: '',
  };
  const calls = new Calls(judge, { judged: () => undefined, odd: () => undefined });
  const machine = new Machine(source, start, longestLine, silent(calls), mostOpcodes);
  try {
    const cut = machine.run() === undefined;
    return { end: cut ? undefined : machine.input.at, named, acts: true, cut };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { end: undefined, named, acts: called, cut: error instanceof BeyondLimit };
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
