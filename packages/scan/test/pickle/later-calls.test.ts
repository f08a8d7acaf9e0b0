import { describe, expect, test } from 'vitest';
import {
  array,
  build,
  bytes,
  call,
  dict,
  dropped,
  dtype,
  global,
  int,
  made,
  pickleOf,
  text,
  tuple,
} from './assemble.ts';
import { bytesOf, scanned } from './scene.ts';

const module = build(made(global('torch.nn.modules.module.Module')), dict({ extra_repr: global('builtins.dict') }));

/**
 * What is harmless by itself, and is called later, by whoever gets hold of it: by a method of a listed class, while the
 * pickle is loaded or when the model is used.
 */
const later: Readonly<Record<string, Uint8Array>> = {
  'a method of __setstate__ is an attribute': pickleOf(
    build(
      made(global('sklearn.isotonic.IsotonicRegression')),
      dict({
        X_thresholds_: array(bytesOf('ab')),
        y_thresholds_: array(bytesOf('ab')),
        _build_f: global('builtins.list'),
      }),
    ),
  ),
  'a loader as the function of an estimator': pickleOf(
    build(
      made(global('sklearn.preprocessing._function_transformer.FunctionTransformer')),
      dict({ func: global('torch.storage._load_from_bytes') }),
    ),
  ),
  'getattr in a tuple': pickleOf(tuple(global('builtins.getattr'))),
  'getattr in a list': pickleOf(bytesOf(']'), global('builtins.getattr'), bytesOf('a')),
  'getattr as a value of a dict': pickleOf(dict({ a: global('builtins.getattr') })),
  'getattr as an argument of INST': pickleOf(
    bytesOf('('),
    global('builtins.getattr'),
    bytesOf('icollections\nOrderedDict\n'),
  ),
  'getattr, and nothing else': pickleOf(global('builtins.getattr')),
  'methodcaller, once it was called': pickleOf(
    dropped(call(global('functools.partial'), global('builtins.list'))),
    tuple(global('functools.partial')),
  ),
  'a lookup that fails writes an object out': pickleOf(
    build(made(global('uuid.UUID')), dict({ int: int(1), is_safe: module })),
  ),
  'a warning writes an object out': pickleOf(
    build(made(global('sklearn.preprocessing._data.StandardScaler')), dict({ _sklearn_version: module })),
  ),
  'a method of a destructor is an attribute': pickleOf(
    build(
      made(global('lightgbm.basic.Booster')),
      dict({ _network: bytesOf('\x88'), free_network: global('builtins.dict') }),
    ),
  ),
  'a module looks for an attribute in an object of its own': pickleOf(
    build(made(global('torch.nn.modules.activation.Softmax')), dict({ _parameters: module })),
  ),
};

describe('what is called later does not pass', () => {
  test.each(Object.entries(later))('%s', async (_, content) => {
    const part = await scanned(content);
    expect(['unknown', 'fail'], JSON.stringify(part.left)).toContain(part.verdict);
    expect(part.findings.map(({ rule }) => rule)).toContainEqual(expect.stringMatching(/^scan\.pickle\./));
  });
});

test('what is called at once passes', async () => {
  for (const content of [
    pickleOf(call(global('functools.partial'), global('builtins.list'))),
    pickleOf(call(global('copyreg.__newobj__'), global('sklearn.preprocessing._data.StandardScaler'))),
    pickleOf(build(made(global('uuid.UUID')), dict({ int: int(1), is_safe: int(1) }))),
  ]) {
    const part = await scanned(content);
    expect([part.verdict, part.findings, part.left]).toEqual(['pass', [], []]);
  }
});

test('of two bytearrays each has its own length', async () => {
  const eight = dropped(call(global('builtins.bytearray'), bytes(bytesOf('12345678'))));
  const short = call(global('builtins.bytearray'), bytes(bytesOf('1')));
  const from = global('numpy.core.numeric._frombuffer');
  const part = await scanned(pickleOf(eight, call(from, short, dtype('f8'), tuple(int(1)), text('C'))));
  expect(part.verdict).toBe('unknown');
});
