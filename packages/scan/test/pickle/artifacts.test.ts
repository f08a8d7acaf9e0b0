import { modern } from '@holdfast/scan/pickle/compat';
import { describe, expect, test } from 'vitest';
import { needsPython, run, scanned, seeded } from './scene.ts';

/** What Python writes, as base64 texts by name. */
function written(script: string, environment?: string): Map<string, Buffer> {
  const program = `import base64, io, json\nout = {}\n${script}\nprint(json.dumps({k: base64.b64encode(v).decode() for k, v in out.items()}))`;
  const texts = JSON.parse(run(program, '', environment).toString().trim().split('\n').at(-1)!) as Record<
    string,
    string
  >;
  return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
}

const plain = `
import pickle, collections, datetime
values = {'ints': list(range(3000)), 'texts': ['é' * 20, 'a' * 300] * 600, 'nested': [{'a': (1, 2.5, None), 'b': {3, 4}}] * 3,
  'bytes': [b'x' * 300, bytearray(b'y' * 40)], 'ordered': collections.OrderedDict(a=1), 'big': [2 ** 70, -2 ** 2100, True],
  'frozen': frozenset([1, 'a'])}
values['cycle'] = []; values['cycle'].append(values['cycle'])
for name, value in values.items():
  for protocol in range(6):
    out[f'{name} {protocol}'] = pickle.dumps(value, protocol)
`;

test('what pickle.dumps writes of plain values passes, in every protocol', async (context) => {
  needsPython(context);
  for (const [name, bytes] of written(plain)) {
    // Bytes are calls below protocol 3, bytearrays below 5, and sets below 4: those are the judge's business.
    const calls = /^(bytes|frozen|nested) [0-4]$/.test(name);
    const part = await scanned(bytes);
    expect([part.verdict, part.findings.map(({ message }) => message), part.left], name).toEqual(['pass', [], []]);
    if (!calls) expect(part.summary).toBe('one pickle');
  }
});

test('cut at any place, nothing passes', async (context) => {
  needsPython(context);
  for (const [name, bytes] of written(
    `import pickle\nout['4'] = pickle.dumps([{'a': (1, 'b' * 20)}], 4)\nout['0'] = pickle.dumps([{'a': (1, 'b')}], 0)`,
  )) {
    for (let end = 0; end < bytes.length; end += 1) {
      expect((await scanned(bytes.subarray(0, end))).verdict, `${name} ${end}`).not.toBe('pass');
    }
  }
});

test('names of Python 2 become those of Python 3 as in CPython', (context) => {
  needsPython(context);
  const script =
    'import json, _compat_pickle as c\nprint(json.dumps([list(map(list, [(k, v) for k, v in c.NAME_MAPPING.items()])), c.IMPORT_MAPPING]))';
  const [names, modules] = JSON.parse(run(script).toString()) as [
    [[string, string], [string, string]][],
    Record<string, string>,
  ];
  for (const [[module, name], [newModule, newName]] of names) {
    expect(modern({ module, name })).toEqual({ module: newModule, name: newName });
  }
  for (const [module, to] of Object.entries(modules))
    expect(modern({ module, name: 'other' })).toEqual({ module: to, name: 'other' });
});

const peers = `
import joblib, numpy as np, pickle
def dump(value, **more):
  file = io.BytesIO(); joblib.dump(value, file, **more); return file.getvalue()
def save(value):
  file = io.BytesIO(); np.save(file, value, allow_pickle=True); return file.getvalue()
out['joblib of arrays'] = dump({'a': np.arange(10), 'f': np.zeros((3, 4)), 's': np.zeros(3, dtype=[('a', 'f4'), ('b', 'i8')]), 'e': np.zeros((0, 3)), 'u': np.array(['abc'])})
out['joblib of objects'] = dump([np.array(['x', None, 3], dtype=object), 5])
out['npy'] = save(np.ones((3, 4)))
out['npy of objects'] = save(np.array([1, 'a', None], dtype=object))
out['npy of fields'] = save(np.zeros(3, dtype=[('a', 'f4'), ('b', 'i8', (2,))]))
out['npy of times'] = save(np.zeros(3, dtype='M8[ns]'))
out['npy of nothing'] = save(np.float32(3))
`;

describe('what NumPy and joblib write', () => {
  test('passes, and one byte more or less does not', async (context) => {
    needsPython(context, 'scan');
    for (const [name, bytes] of written(peers, 'scan')) {
      const file = name.startsWith('npy') ? 'a.npy' : 'a.joblib';
      const part = await scanned(bytes, file);
      expect([part.verdict, part.findings.map(({ message }) => message), part.left], name).toEqual(['pass', [], []]);
      for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([0])])]) {
        expect((await scanned(other, file)).verdict, name).not.toBe('pass');
      }
    }
  });

  test('an object array that calls os.system fails', async (context) => {
    needsPython(context, 'scan');
    const evil = `class Evil:\n  def __reduce__(self): import os; return os.system, ('id',)\n`;
    const script = `${evil}${peers}\nout = {'npy': save(np.array([Evil()], dtype=object)), 'joblib': dump([np.array([Evil()], dtype=object)])}`;
    for (const [name, bytes] of written(script, 'scan')) {
      expect((await scanned(bytes, name === 'npy' ? 'a.npy' : 'a.joblib')).verdict, name).toBe('fail');
    }
  });
});

const torch = `
import torch
def save(value):
  file = io.BytesIO(); torch.save(value, file, _use_new_zipfile_serialization=False); return file.getvalue()
x = torch.arange(10.)
out['views'] = save({'a': x, 'b': x[2:5], 'c': torch.zeros(0)})
out['state'] = save(torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4)).state_dict())
`;

test('PyTorch files of before 1.6 pass, and every byte of them is accounted for', async (context) => {
  needsPython(context, 'scan-torch');
  for (const [name, bytes] of written(torch, 'scan-torch')) {
    const part = await scanned(bytes, 'a.pt');
    expect([part.format, part.verdict, part.findings, part.left], name).toEqual(['pytorch-legacy', 'pass', [], []]);
    for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([0])])]) {
      expect((await scanned(other, 'a.pt')).verdict, name).not.toBe('pass');
    }
  }
});

test('mutated, a harmful pickle never makes the machine crash', async (context) => {
  needsPython(context);
  const random = seeded(7);
  const evil = 'class Evil:\n  def __reduce__(self): import os; return os.system, ("id",)\nimport pickle\n';
  const pickles = [
    ...written(
      `${evil}for p in range(6): out[str(p)] = pickle.dumps([Evil(), {"a": (1, 2.5, b"x" * 20)}], p)`,
    ).values(),
  ];
  for (let round = 0; round < 3000; round += 1) {
    const bytes = Buffer.from(pickles[round % pickles.length]!);
    for (let change = 0; change <= random(3); change += 1) bytes[random(bytes.length)] = random(256);
    await scanned(bytes);
  }
});
