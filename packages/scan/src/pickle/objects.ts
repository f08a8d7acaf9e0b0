import { NotUnderstood } from '../bytes/source.ts';
import type { CallKind, Shape } from '../callables/judge.ts';
import type { Value } from './calls.ts';
import { forgotten, isContainer, kinds } from './kinds.ts';
import type { Machine } from './machine.ts';
import { wholeText } from './shapes.ts';

/** Bytes of a line that names something. */
const longestName = 2 ** 14;

function utf8(line: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The two lines of GLOBAL and INST; `whole` is false where the file ends within them. */
function names(machine: Machine, ascii: boolean): { module: string; name: string; whole: boolean } {
  const first = machine.input.line(longestName);
  if (!first.whole) throw new NotUnderstood('it ends within a line', machine.at);
  const second = machine.input.line(longestName);
  const [module, name] = [utf8(first.text), utf8(second.text)];
  if (module === undefined || name === undefined) throw new NotUnderstood('a name that is not UTF-8', machine.at);

  if (ascii && !/^[\0-\x7f]*$/.test(module + name)) throw new NotUnderstood('a name that is not ASCII', machine.at);
  if (module === '' || name === '') throw new NotUnderstood('an empty name', machine.at);
  return { module, name, whole: second.whole };
}

function named(machine: Machine, module: string, name: string, operation: string): Value {
  const { around, protocol, at } = machine;
  if (protocol < 4 && name.includes('.')) {
    around.odd('a name with a dot, which protocols below 4 do not look up part by part', at);
  }
  return { kind: kinds.reference, value: around.calls.name({ module, name }, protocol, at, operation) };
}

/** GLOBAL */
export function global(machine: Machine): void {
  const { module, name, whole } = names(machine, false);
  const { kind, value } = named(machine, module, name, 'GLOBAL');
  if (!whole) throw new NotUnderstood('it ends within a line', machine.at);
  machine.push(kind, value);
}

/** INST: `pickle.py` imports before it looks for the mark. */
export function instance(machine: Machine): void {
  const { module, name, whole } = names(machine, true);
  const callee = named(machine, module, name, 'INST');
  if (!whole) throw new NotUnderstood('it ends within a line', machine.at);
  const from = machine.unmark();
  const args = argumentsFrom(machine, from);
  machine.stack.size = from;
  call(machine, callee, 'inst', args, 'INST');
}

/** OBJ */
export function object(machine: Machine): void {
  const from = machine.unmark();
  const { stack } = machine;
  if (stack.size === from) throw new NotUnderstood('a class is expected on the stack', machine.at);
  const callee = { kind: stack.kinds[from] ?? 0, value: stack.values[from] ?? 0 };
  const args = argumentsFrom(machine, from + 1);
  stack.size = from;
  call(machine, callee, 'inst', args, 'OBJ');
}

function argumentsFrom(machine: Machine, from: number): readonly Shape[] {
  const { stack } = machine;
  const args: Shape[] = [];
  for (let at = from; at < Math.min(stack.size, from + 64); at += 1) {
    const [kind, value] = [stack.kinds[at] ?? 0, stack.values[at] ?? 0];
    if (kind === kinds.reference) machine.around.calls.kept(value, machine.at);
    args.push(machine.shapes.of(kind, value));
  }
  return stack.size - from > 64 ? [...args, { kind: 'opaque' }] : args;
}

/** STACK_GLOBAL */
export function stackGlobal(machine: Machine): void {
  const [name, module] = [machine.pop(), machine.pop()];
  const texts = [module, name].map((value) =>
    value.kind === kinds.str || value.kind >= kinds.reference ? machine.shapeOf(value) : undefined,
  );
  const [moduleText, nameText] = texts.map((shape) => (shape === undefined ? undefined : wholeText(shape)));
  if (moduleText !== undefined && nameText !== undefined) {
    const { kind, value } = named(machine, moduleText, nameText, 'STACK_GLOBAL');
    machine.push(kind, value);
    return;
  }
  if (texts.includes(undefined)) throw new NotUnderstood('a name is expected on the stack', machine.at);
  machine.around.odd('a name is computed: what it names cannot be known', machine.at);
  machine.push(kinds.opaque, 0);
}

/** EXT1, EXT2, EXT4 */
export function extension(machine: Machine, code: number): void {
  if (code <= 0) throw new NotUnderstood(`extension code ${code}`, machine.at);
  machine.around.extension(code, machine.at);
  machine.push(kinds.opaque, 0);
}

/** PERSID */
export function persistentLine(machine: Machine): void {
  const { text, whole } = machine.input.line(longestName);

  if (!whole || !/^[\0-\x7f]*$/.test(text)) throw new NotUnderstood('a persistent id that is not ASCII', machine.at);
  persistent(machine, { kind: 'str', value: text, length: text.length });
}

/** BINPERSID */
export function persistentValue(machine: Machine): void {
  persistent(machine, machine.shapeOf(machine.pop()));
}

function persistent(machine: Machine, id: Shape): void {
  machine.persistentIds += 1;
  const { kind, value } = machine.around.calls.keep({ shape: machine.around.persistent(id, machine.at), steps: [] });
  machine.push(kind, value);
}

function call(
  machine: Machine,
  callee: Value,
  kind: CallKind,
  args: readonly Shape[],
  operation: string,
  named?: ReadonlyMap<string, Shape>,
): void {
  if (callee.kind < kinds.reference || callee.kind >= forgotten) {
    throw new NotUnderstood('what is called is no class and no function', machine.at);
  }
  const shape = machine.shapeOf(callee);
  const more = named === undefined ? {} : { named };
  const result = machine.around.calls.call({ callee, shape, kind, args, at: machine.at, operation, ...more });
  machine.push(result.kind, result.value);
}

/** The arguments of REDUCE and NEWOBJ: a tuple, or what `pickle.py` spreads as well. */
function spread(machine: Machine, value: Value): readonly Shape[] {
  const plain = machine.plainKind(value);
  if (plain !== kinds.tuple) {
    const cannot: readonly number[] = [kinds.none, kinds.bool, kinds.int, kinds.long, kinds.float];
    if (cannot.includes(plain)) throw new NotUnderstood('the arguments are no tuple', machine.at);
    machine.around.odd('the arguments are no tuple: `_pickle.c` refuses what `pickle.py` calls', machine.at);
    if (!isContainer(value.kind)) return [{ kind: 'opaque' }];
  }
  return machine.shapes.itemsOf(value.kind, value.value) ?? [{ kind: 'opaque' }];
}

/** REDUCE */
export function reduce(machine: Machine): void {
  const args = spread(machine, machine.pop());
  call(machine, machine.pop(), 'reduce', args, 'REDUCE');
}

/** NEWOBJ and NEWOBJ_EX */
export function newObject(machine: Machine, extended: boolean): void {
  const entries = extended ? machine.pop() : undefined;
  const args = spread(machine, machine.pop());
  const callee = machine.pop();
  if (callee.kind !== kinds.reference) {
    machine.around.odd('the class of a new object is computed: what it is cannot be known', machine.at);
  }
  if (entries === undefined) {
    call(machine, callee, 'new', args, 'NEWOBJ');
    return;
  }
  const shape = machine.shapeOf(entries);
  if (shape.kind !== 'dict') {
    if (entries.kind < kinds.reference) throw new NotUnderstood('named arguments are no dict', machine.at);
    call(machine, callee, 'new', [...args, { kind: 'opaque' }], 'NEWOBJ_EX');
    return;
  }
  const named = new Map(shape.entries.map(([key, value]) => [key.kind === 'str' ? key.value : '', value] as const));
  if (shape.more || named.has('')) named.set('', { kind: 'opaque' });
  call(machine, callee, 'new', args, 'NEWOBJ_EX', named);
}

/** BUILD */
export function build(machine: Machine): void {
  const state = machine.pop();
  const at = machine.top();
  const target = { kind: machine.stack.kinds[at] ?? 0, value: machine.stack.values[at] ?? 0 };
  if (target.kind < kinds.reference || target.kind >= forgotten) {
    buildPlain(machine, state);
    return;
  }
  const shape = machine.shapeOf(target);
  const stateShape = machine.shapeOf(state);
  const made = target.kind === kinds.result ? machine.around.calls.results[target.value]?.made : undefined;
  if (made !== undefined) {
    // A loader merges the two, and what came with the first still counts.
    if (made.state !== undefined) machine.around.odd('the state of one object is set twice', machine.at);
    machine.around.calls.setState(made, stateShape, machine.at);
  }
  machine.around.calls.call({
    ...{ callee: target, shape, kind: 'build', args: [stateShape], at: machine.at, operation: 'BUILD' },
  });
  const instead = machine.around.built(machine);
  if (instead === undefined) return;
  machine.pop();
  machine.push(instead.kind, instead.value);
}

/** A plain value has no attributes: only a state of nothing can be set. */
function buildPlain(machine: Machine, state: Value): void {
  if (state.kind === kinds.none) return;
  const shape = machine.shapeOf(state);
  const pair = shape.kind === 'tuple' && shape.items.length === 2 && shape.items.every(isNothing);
  if (!pair && !isNothing(shape) && (isContainer(state.kind) || state.kind >= kinds.reference)) {
    throw new NotUnderstood('a state is set on a plain value', machine.at);
  }
  machine.around.odd('an empty state is set on a plain value: loaders differ', machine.at);
}

/** What is false to Python: as a state, nothing is done with it. */
function isNothing(shape: Shape): boolean {
  if ('items' in shape) return shape.items.length === 0;
  if (shape.kind === 'dict') return shape.entries.length === 0;
  if (shape.kind === 'str' || shape.kind === 'bytes') return shape.length === 0;
  if (shape.kind === 'int' || shape.kind === 'float' || shape.kind === 'bool') return Number(shape.value) === 0;
  return shape.kind === 'none';
}
