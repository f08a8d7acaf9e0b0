import { fullName } from './aliases.ts';
import type { CallKind, Judge, Judgement, Reference, Shape } from './judge.ts';
import { isWholeText } from './matches.ts';

/** A call that ends in another one, or in a name: what it leads to is judged in its place. */
type Indirection = (judge: Judge, positional: readonly Shape[]) => Judgement | undefined;

/**
 * Callables that reach others: `getattr(os, 'system')`, `operator.attrgetter('system')(os)`, `functools.partial(f)`.
 * Where the answer is undefined, the arguments are none that could be followed.
 */
const indirections = new Map<string, Indirection>([
  ['builtins.getattr', (judge, [from, name]) => attribute(judge, from, name)],
  ['copyreg.__newobj__', (judge, [made, ...rest]) => made && judge.call(made, 'new', rest)],
  ['copyreg.__newobj_ex__', newobjEx],
  ['functools.partial', (judge, positional) => keep(judge, 'functools.partial', positional)],
  ['operator.attrgetter', (_judge, positional) => keepText('operator.attrgetter', positional)],
  ['operator.methodcaller', (_judge, positional) => keepText('operator.methodcaller', positional)],
  ['operator.call', (judge, [called, ...rest]) => called && judge.call(called, 'reduce', rest)],
  ['torch.storage._load_from_bytes', loaded],
  ['builtins.apply', (judge, [called, list]) => called && judge.call(called, 'reduce', itemsOf(list) ?? [])],
  ['importlib.import_module', imported],
  ['builtins.__import__', imported],
  ['importlib.__import__', imported],
]);

/** What a call through an indirection comes to; undefined where the callable is none. */
export function indirect(
  judge: Judge,
  name: string,
  kind: CallKind,
  positional: readonly Shape[],
): Judgement | undefined {
  if (kind === 'build') return undefined;
  return indirections.get(name)?.(judge, positional);
}

/** Whether it is harmless to name, and only a call of it has to be judged. */
export function isIndirection(name: string): boolean {
  return indirections.has(name) && !name.includes('import');
}

/** A call of what an indirection made: `attrgetter('system')(os)`. */
export function callKept(judge: Judge, callee: Shape, positional: readonly Shape[]): Judgement | undefined {
  if (callee.kind !== 'instance' || callee.holds === undefined) return undefined;
  const [first, ...rest] = callee.holds;
  const [target] = positional;
  if (first === undefined) return undefined;
  if (callee.of === 'functools.partial') return judge.call(first, 'reduce', [...rest, ...positional]);
  if (callee.of === 'operator.attrgetter') return attribute(judge, target, first);
  if (callee.of !== 'operator.methodcaller') return undefined;
  const method = attribute(judge, target, first);
  return method?.verdict === 'pass' ? judge.call(method.returns, 'reduce', rest) : method;
}

/** An attribute of a class, function or module by its name; dotted for `attrgetter`. */
function attribute(judge: Judge, from: Shape | undefined, name: Shape | undefined): Judgement | undefined {
  if (from === undefined || name === undefined || !isWholeText(name)) return undefined;
  if (from.kind === 'reference') return judge.reference(below(from.reference, name.value));
  const of = from.kind === 'instance' || from.kind === 'persistent' ? from.of : `builtins.${from.kind}`;
  // Of an instance only what leads outside of it is known to be harmful.
  return judge.reference({ module: of, name: name.value });
}

function below({ module, name }: Reference, attribute: string): Reference {
  return { module, name: name === '' ? attribute : `${name}.${attribute}` };
}

function keep(judge: Judge, of: string, [called, ...rest]: readonly Shape[]): Judgement | undefined {
  if (called?.kind !== 'reference') return undefined;
  const named = judge.reference(called.reference);
  if (named.verdict !== 'pass') return named;
  // Made now, called later: with the arguments that it has, the call itself must be allowed.
  const call = judge.call(called, 'reduce', rest);
  if (call.verdict === 'fail') return call;
  const returns: Shape = { kind: 'instance', of, holds: [called, ...rest] };
  if (call.verdict === 'pass') return { verdict: 'pass', returns };
  const because = `it keeps a call of \`${fullName(called.reference)}\` for later`;
  return { verdict: 'unknown', reaches: { module: 'functools', name: 'partial' }, because, returns };
}

function keepText(of: string, positional: readonly Shape[]): Judgement | undefined {
  const [name] = positional;
  if (name === undefined || !isWholeText(name)) return undefined;
  const [module = '', own = ''] = of.split('.');
  const because = `it keeps the name \`${name.value.slice(0, 80)}\` to be looked up later`;
  const returns: Shape = { kind: 'instance', of, holds: positional };
  return { verdict: 'unknown', reaches: { module, name: own }, because, returns };
}

function newobjEx(judge: Judge, [made, list, named]: readonly Shape[]): Judgement | undefined {
  const items = itemsOf(list);
  if (made === undefined || items === undefined || named?.kind !== 'dict' || named.more) return undefined;
  const words = new Map(named.entries.map(([key, value]) => [isWholeText(key) ? key.value : '', value]));
  return judge.call(made, 'new', items, words);
}

function imported(_judge: Judge, [name]: readonly Shape[]): Judgement | undefined {
  if (name === undefined || !isWholeText(name)) return undefined;
  const reaches: Reference = { module: name.value, name: '' };
  const does = `imports the module \`${name.value.slice(0, 80)}\``;
  return { verdict: 'fail', effect: 'import', reaches, does, returns: { kind: 'reference', reference: reaches } };
}

/** How torch pickles a storage where no archive is around it: as a whole file of `torch.save`, in bytes. */
function loaded(_judge: Judge, positional: readonly Shape[]): Judgement | undefined {
  const [bytes] = positional;
  if (bytes?.kind !== 'bytes' || positional.length !== 1) return undefined;
  const reaches: Reference = { module: 'torch.storage', name: '_load_from_bytes' };
  const returns: Shape = { kind: 'persistent', of: 'torch.Storage' };
  return { verdict: 'unknown', reaches, because: 'it loads another file, in bytes', loads: bytes, returns };
}

function itemsOf(shape: Shape | undefined): readonly Shape[] | undefined {
  if ((shape?.kind !== 'tuple' && shape?.kind !== 'list') || shape.more) return undefined;
  return shape.items;
}
