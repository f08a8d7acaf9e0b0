import { NotUnderstood } from '../bytes/source.ts';
import type { CallKind } from '../callables/judge.ts';
import type { Value } from './calls.ts';
import { forgotten, kinds, unhashable } from './kinds.ts';
import type { Machine } from './machine.ts';

/** Items that a judge sees at once; it is even, so that keys and values stay together. */
const mostShown = 128;

/** A container of what is behind the last mark. */
export function collect(machine: Machine, kind: number): void {
  const from = machine.unmark();
  const { stack } = machine;
  if (kind === kinds.dict && (stack.size - from) % 2 !== 0)
    throw new NotUnderstood('a key without a value', machine.at);
  if (kind === kinds.dict) requireHashable(machine, from, stack.size, 2);
  if (kind === kinds.frozenset) requireHashable(machine, from, stack.size, 1);
  collectFrom(machine, kind, from);
}

/** TUPLE1, TUPLE2, TUPLE3. */
export function collectLast(machine: Machine, count: number): void {
  const from = machine.stack.size - count;
  if (from < machine.stack.fence) throw new NotUnderstood('a value is expected on the stack', machine.at);
  collectFrom(machine, kinds.tuple, from);
}

function collectFrom(machine: Machine, kind: number, from: number): void {
  const { stack } = machine;
  machine.room();
  const node = kind === kinds.tuple && stack.size === from ? machine.arena.empty : machine.arena.make();
  machine.arena.addAll(kind, node, stack, from, stack.size);
  stack.size = from;
  stack.push(kind, node);
}

/** What adding items is for a kind of container, and how it is called on anything else. */
interface Adding {
  readonly kind: number;
  readonly call: CallKind;
  readonly operation: string;
}

const extending: Adding = { kind: kinds.list, call: 'extend', operation: 'APPENDS' };
const adding: Adding = { kind: kinds.set, call: 'additems', operation: 'ADDITEMS' };
const setting: Adding = { kind: kinds.dict, call: 'setitems', operation: 'SETITEMS' };

/** APPENDS, ADDITEMS, SETITEMS. */
export function addMarked(machine: Machine, which: 'list' | 'set' | 'dict'): void {
  const from = machine.unmark();
  if (which === 'dict' && (machine.stack.size - from) % 2 !== 0) {
    throw new NotUnderstood('a key without a value', machine.at);
  }
  addFrom(machine, which === 'list' ? extending : which === 'set' ? adding : setting, from);
}

/** APPEND. */
export function append(machine: Machine): void {
  addFrom(machine, extending, machine.top());
}

/** SETITEM. */
export function setItem(machine: Machine): void {
  const from = machine.stack.size - 2;
  if (from < machine.stack.fence) throw new NotUnderstood('a key and a value are expected on the stack', machine.at);
  addFrom(machine, setting, from);
}

function addFrom(machine: Machine, how: Adding, from: number): void {
  const { stack } = machine;
  const below = from - 1;
  if (below < stack.fence) throw new NotUnderstood('a value is expected on the stack', machine.at);
  const kind = stack.kinds[below] ?? 0;
  const plain = kind >= forgotten ? kind - forgotten : kind;
  if (plain === how.kind) {
    if (plain !== kinds.list) requireHashable(machine, from, stack.size, plain === kinds.dict ? 2 : 1);
    machine.room();
    // Making room may have let go of what the target holds.
    machine.arena.addAll(stack.kinds[below] ?? 0, stack.values[below] ?? 0, stack, from, stack.size);
  } else if (plain < kinds.reference) addToOther(machine, how, plain, from);
  else callAdding(machine, how, { kind, value: stack.values[below] ?? 0 }, from);
  stack.size = from;
}

/** A plain value of another kind: what a loader then does is an error, or at least nothing that a pickler writes. */
function addToOther(machine: Machine, how: Adding, plain: number, from: number): void {
  const { stack, at } = machine;
  if (stack.size === from) {
    machine.around.odd('nothing is added to what nothing can be added to: `pickle.py` refuses it', at);
    return;
  }
  const indexed = how.call === 'setitems' && (plain === kinds.list || plain === kinds.bytearray);
  if (!indexed && !(how.call === 'extend' && plain === kinds.bytearray)) {
    throw new NotUnderstood('items are added to a value that takes none', at);
  }
  machine.around.odd('items of a list or bytes are set by their places: no pickler does that', at);
  if (plain === kinds.list) {
    machine.room();
    machine.arena.addAll(stack.kinds[from - 1] ?? 0, stack.values[from - 1] ?? 0, stack, from, stack.size);
  }
}

/** A judge sees what is added as one container, and of many items a few at a time, so that none goes unseen. */
function callAdding(machine: Machine, how: Adding, target: Value, from: number): void {
  const { stack, arena } = machine;
  for (let start = from; start < stack.size; start += mostShown) {
    machine.room();
    const node = arena.make();
    arena.addAll(how.kind, node, stack, start, Math.min(stack.size, start + mostShown));
    const [shape, given] = [machine.shapeOf(target), machine.shapes.of(how.kind, node)];
    const { at } = machine;
    machine.around.calls.call({
      ...{ callee: target, shape, kind: how.call, args: [given], at, operation: how.operation },
    });
  }
}

/** Refuses what cannot be the key of a dict or in a set: every `step`th value. */
export function requireHashable(machine: Machine, start: number, end: number, step: number): void {
  const { stack, arena } = machine;
  for (let at = start; at < end; at += step) {
    const kind = stack.kinds[at] ?? 0;
    if (kind < kinds.bytearray || (kind > kinds.dict && kind < forgotten)) continue;
    if ((arena.maskOf(kind, stack.values[at] ?? 0) & unhashable) === 0) continue;
    throw new NotUnderstood('a list, a dict or a set is the key of a dict or in a set', machine.at);
  }
}
