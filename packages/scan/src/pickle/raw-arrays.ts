import { NotUnderstood } from '../bytes/source.ts';
import type { Shape } from '../callables/judge.ts';
import { elementTypeOf } from '../formats/numpy/element-type.ts';
import type { Made, Value } from './calls.ts';
import { kinds } from './kinds.ts';
import { Machine } from './machine.ts';
import { type PlainLoader, plainLoader } from './plain-loader.ts';

const wrapper = 'joblib.numpy_pickle.NumpyArrayWrapper';
/** What joblib aligns arrays to, and so the most that it pads. */
const mostPadding = 16;

/**
 * joblib writes an array as the pickle of a wrapper and, right behind its BUILD, the array's bytes: numbers as they are
 * in memory, objects as another pickle (joblib 1.4, `numpy_pickle.py`, `NumpyArrayWrapper.read_array`).
 *
 * @returns what takes the place of the wrapper; undefined where the value on top is none
 * @throws NotUnderstood where it does not say how many bytes follow
 */
export function rawArrayBehind(machine: Machine): Value | undefined {
  const { calls } = machine.around;
  const top = machine.top();
  const value = machine.stack.values[top] ?? 0;
  const made = machine.stack.kinds[top] === kinds.result ? calls.results[value]?.made : undefined;
  if (made === undefined || made.of !== wrapper) return undefined;
  const state = entriesOf(made.state);
  const dtype = state.get('dtype');
  const typed = dtype === undefined ? undefined : calls.madeOf(dtype);
  if (typed === undefined) throw new NotUnderstood('an array of joblib without a type', machine.at);
  if (machine.input.at < machine.frameEnd && machine.frameEnd < Number.POSITIVE_INFINITY) {
    machine.around.odd('the bytes of an array lie within a frame', machine.at);
  }
  machine.frameEnd = Number.POSITIVE_INFINITY;
  const element = elementOf(typed, machine);
  if (element === undefined) passObjects(machine);
  else passNumbers(machine, element * countOf(state.get('shape'), machine), state.get('numpy_array_alignment_bytes'));
  return calls.keep({ shape: { kind: 'instance', of: 'numpy.ndarray' }, steps: [] });
}

function entriesOf(state: Shape | undefined): ReadonlyMap<string, Shape> {
  if (state?.kind !== 'dict') return new Map();
  return new Map(state.entries.flatMap(([key, value]) => (key.kind === 'str' ? [[key.value, value] as const] : [])));
}

/** Objects: a pickle of its own, which joblib loads with `pickle.load`. */
function passObjects(machine: Machine): void {
  const { input, around } = machine;
  const plain = { ...around, built: () => undefined };
  if (otherLoader(machine, input.at).refused) {
    around.odd('the objects of an array are another pickle to a loader that is not joblib', input.at);
  }
  const inner = new Machine(input.source, input.at, 2 ** 26, plain);
  inner.run();
  input.skip(inner.input.at - input.at);
}

function passNumbers(machine: Machine, bytes: number, alignment: Shape | undefined): void {
  const { input } = machine;
  const start = input.at;
  let plainStops = false;
  if (alignment !== undefined && alignment.kind !== 'none') {
    const padding = input.u8();
    input.skip(padding);
    // No opcode is as small: a loader that takes what follows for opcodes stops there.
    plainStops = padding <= mostPadding;
  }
  input.skip(bytes);
  if (plainStops || start >= input.size || !otherLoader(machine, start).acts) return;
  machine.around.odd('the bytes of an array are opcodes to a loader that is not joblib', start);
}

/** Of many arrays none may cost more than the bytes that were passed: then nothing more is tried, and that is odd. */
function otherLoader(machine: Machine, start: number): PlainLoader {
  const found = plainLoader(machine, start, Math.max(1, 2 ** 17 + 4 * start - machine.tried));
  machine.tried += found.steps;
  return found;
}

function countOf(shape: Shape | undefined, machine: Machine): number {
  const items = shape?.kind === 'tuple' && !shape.more ? shape.items : undefined;
  let count = 1n;
  for (const item of items ?? []) {
    if (item.kind !== 'int' || item.value < 0n)
      throw new NotUnderstood('an array of joblib without a shape', machine.at);
    count *= item.value;
    if (count > 2n ** 48n) throw new NotUnderstood('an array of joblib that is larger than any file', machine.at);
  }
  if (items === undefined) throw new NotUnderstood('an array of joblib without a shape', machine.at);
  return Number(count);
}

/** Bytes of an element by `numpy.dtype("f8", …)`; undefined where it is an object or has some. */
function elementOf(made: Made, machine: Machine, depth = 0): number | undefined {
  const [text] = made.args;
  const type = text?.kind === 'str' ? elementTypeOf(text.value) : undefined;
  if (text?.kind !== 'str' || type === undefined || depth > 4) {
    throw new NotUnderstood('an array of joblib of an unknown type', machine.at);
  }
  if (type === 'object') return undefined;
  if (!/^[<>|=]?V/.test(text.value)) return type.bytes;
  return fieldsHaveObjects(made, machine, depth) ? undefined : type.bytes;
}

/** Whether a field of a structure is an object; its type's state is (version, order, subarray, names, fields, …). */
function fieldsHaveObjects(made: Made, machine: Machine, depth: number): boolean {
  const state = made.state?.kind === 'tuple' ? made.state.items : [];
  const [, , subarray, , fields] = state;
  const types: (Shape | undefined)[] = [];
  if (subarray?.kind === 'tuple') types.push(subarray.items[0]);
  if (fields?.kind === 'dict') {
    if (fields.more) throw new NotUnderstood('an array of joblib with too many fields', machine.at);
    for (const [, field] of fields.entries) types.push(field.kind === 'tuple' ? field.items[0] : undefined);
  }
  return types.some((type) => {
    const inner = type === undefined ? undefined : machine.around.calls.madeOf(type);
    if (inner === undefined) throw new NotUnderstood('an array of joblib with a field of no type', machine.at);
    return elementOf(inner, machine, depth + 1) === undefined;
  });
}
