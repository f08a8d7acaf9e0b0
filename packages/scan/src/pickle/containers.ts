import { NotUnderstood } from '../bytes/source.ts';
import type { CallKind, Shape } from '../callables/judge.ts';
import type { Value } from './calls.ts';
import { forgotten, kinds, unhashable } from './kinds.ts';
import type { Machine } from './machine.ts';

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

/** The value below items that are to be added to it. */
function below(machine: Machine, from: number): Value {
  const at = from - 1;
  if (at < machine.stack.fence) throw new NotUnderstood('a value is expected on the stack', machine.at);
  return { kind: machine.stack.kinds[at] ?? 0, value: machine.stack.values[at] ?? 0 };
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
  const target = below(machine, from);
  const plain = target.kind >= forgotten ? target.kind - forgotten : target.kind;
  if (plain === how.kind) {
    if (plain !== kinds.list) requireHashable(machine, from, stack.size, plain === kinds.dict ? 2 : 1);
    machine.room();
    // Making room may have let go of what the target holds.
    machine.arena.addAll(stack.kinds[from - 1] ?? 0, stack.values[from - 1] ?? 0, stack, from, stack.size);
  } else if (plain < kinds.reference) addToOther(machine, how, plain, from);
  else callAdding(machine, how, target, from);
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

function callAdding(machine: Machine, how: Adding, target: Value, from: number): void {
  const { stack } = machine;
  if (stack.size === from) return;
  const last = Math.min(stack.size, from + 512);
  const args: Shape[] = [];
  for (let at = from; at < last; at += 1) args.push(machine.shapes.of(stack.kinds[at] ?? 0, stack.values[at] ?? 0));
  // What a judge does not get to see is nothing that it may vouch for.
  if (last < stack.size) args.push(...unseen(machine, last));
  const shape = machine.shapeOf(target);
  machine.around.calls.call({ callee: target, shape, kind: how.call, args, at: machine.at, operation: how.operation });
}

/** One shape for each kind of the items that are too many to be shown. */
function unseen(machine: Machine, from: number): Shape[] {
  const { stack, arena } = machine;
  const found = new Map<number, number>();
  for (let at = from; at < stack.size; at += 1) {
    const kind = stack.kinds[at] ?? 0;
    const mask = arena.maskOf(kind, stack.values[at] ?? 0);
    const plain = kind >= forgotten ? kind - forgotten : kind;
    if (plain >= kinds.tuple && plain <= kinds.dict) found.set(plain, (found.get(plain) ?? 0) | mask);
    else if (!found.has(plain) || plain >= kinds.reference) found.set(plain, at);
    if (plain >= kinds.reference) return [{ kind: 'opaque' }];
  }
  const shapes = [...found].map(([plain, value]) => {
    const container = plain >= kinds.tuple && plain <= kinds.dict;
    if (container) return machine.shapes.of(plain + forgotten, value);
    return machine.shapes.of(plain, stack.values[value] ?? 0);
  });
  return shapes.length % 2 === 0 ? shapes : [...shapes, ...shapes.slice(-1)];
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
