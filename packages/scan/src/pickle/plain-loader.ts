import { NotUnderstood } from '../bytes/source.ts';
import { entryOf } from '../callables/listed-names.ts';
import { BeyondLimit } from './beyond-limit.ts';
import type { Calls } from './calls.ts';
import { forgotten, isContainer } from './kinds.ts';
import { Machine, type Surroundings } from './machine.ts';
import type { Before } from './memo.ts';

/** Opcodes that are done, values of the stack that it starts with, and the longest line in bytes. */
const mostOpcodes = 2 ** 16;
const mostValues = 2 ** 10;
const longestLine = 2 ** 16;

/** What a loader does that knows nothing of arrays among opcodes. */
export interface PlainLoader {
  /** Whether it names or calls anything at all, or goes on for longer than was tried. */
  readonly acts: boolean;
  /** Whether it calls something that is on no list, or names something harmful. */
  readonly refused: boolean;
  /** Opcodes that were tried. */
  readonly steps: number;
}

/**
 * Takes the bytes behind a BUILD for opcodes, with the stack and the memo that are there then, as `pickle.load` does with
 * a file of joblib.
 *
 * @param most opcodes that are tried
 */
export function plainLoader(machine: Machine, start: number, most: number): PlainLoader {
  let [acts, refused] = [false, false];
  const calls = machine.around.calls.overheard(
    {
      judged: ({ judgement: { verdict, reaches }, called }) => {
        // It finds other values in the memo: what is listed then gets arguments that it refuses, which is no other pickle.
        refused ||= verdict === 'fail' || (called && entryOf(reaches) === undefined);
      },
      odd: () => undefined,
    },
    () => {
      acts = true;
    },
  );
  const around = surroundings(machine, calls, () => {
    [acts, refused] = [true, true];
  });
  const { source } = machine.input;
  const plain = new Machine(source, start, longestLine, around, Math.min(most, mostOpcodes), memoOf(machine));
  plain.protocol = machine.protocol;
  copyStack(machine, plain);
  try {
    const goesOn = plain.run() === undefined;
    return { acts: acts || goesOn, refused: refused || goesOn, steps: plain.steps };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const deeper = machine.stack.size > mostValues && plain.stack.size < 2;
    const unknown = deeper || error instanceof BeyondLimit;
    return { acts: acts || unknown, refused: refused || unknown, steps: plain.steps };
  }
}

/** It is told of what is called, and of an entry of the extension registry. */
function surroundings(machine: Machine, calls: Calls, extension: () => void): Surroundings {
  const nothing = (): undefined => undefined;
  return {
    calls,
    persistent: (id, at) => machine.around.persistent(id, at),
    ...{ odd: nothing, misframed: nothing, extension, string: nothing, built: nothing, moved: nothing },
  };
}

/** Of a container, what the other machine can know without its items: their kinds. */
function seen(machine: Machine, kind: number, value: number): [kind: number, value: number] {
  if (kind >= forgotten || !isContainer(kind)) return [kind, value];
  return [kind + forgotten, machine.arena.maskIn(value) | machine.arena.late];
}

function memoOf(machine: Machine): Before {
  const { memo } = machine;
  const at = (index: number): [number, number] | undefined => {
    const kind = memo.kindAt(index);
    return kind === undefined ? undefined : seen(machine, kind, memo.valueAt(index));
  };
  return { size: memo.size, kindAt: (index) => at(index)?.[0], valueAt: (index) => at(index)?.[1] ?? 0 };
}

/** The last values, with the marks among them. */
function copyStack(from: Machine, to: Machine): void {
  const { stack } = from;
  const start = Math.max(0, stack.size - mostValues);
  const marks = new Set(stack.marks.subarray(0, stack.markCount));
  for (let at = start; at < stack.size; at += 1) {
    if (marks.has(at)) to.stack.mark();
    to.push(...seen(from, stack.kinds[at] ?? 0, stack.values[at] ?? 0));
  }
  if (marks.has(stack.size)) to.stack.mark();
}
