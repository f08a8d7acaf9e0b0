import { describe, expect, it } from 'vitest';
import type { CallKind, Judgement, Shape } from '../../src/callables/judge.ts';
import { judgeFor } from '../../src/callables/judge-for.ts';
import { shapeOf, type Traced } from './replay.ts';

const judge = judgeFor({ callables: new Set(), digests: new Set() });
const none: Traced = ['none'];
const no: Traced = ['bool', false];
const yes: Traced = ['bool', true];
const int = (value: number): Traced => ['int', String(value)];
const str = (value: string): Traced => ['str', value];
const bytes = (count: number): Traced => ['bytes', '00'.repeat(count)];
const tuple = (...items: readonly Traced[]): Traced => ['tuple', items, []];
const list = (...items: readonly Traced[]): Traced => ['list', items, []];
const dict = (pairs: Readonly<Record<string, Traced>>): Traced => [
  'dict',
  Object.entries(pairs).map(([key, value]) => tuple(str(key), value)),
  [],
];

function ref(full: string): Traced {
  const dot = full.lastIndexOf('.');
  return ['ref', full.slice(0, dot), full.slice(dot + 1)];
}

function call(full: string, args: readonly (Traced | Shape)[], kind: CallKind = 'reduce'): Judgement {
  return judge.call(shapeOf(ref(full)), kind, args.map(toShape));
}

function toShape(one: Traced | Shape): Shape {
  return Array.isArray(one) ? shapeOf(one as Traced) : (one as Shape);
}

function made(full: string, args: readonly (Traced | Shape)[], kind: CallKind = 'reduce'): Shape {
  const judgement = call(full, args, kind);
  if (judgement.verdict !== 'pass') throw new Error(`${full} does not pass`);
  return judgement.returns;
}

const reached = (judgement: Judgement): string =>
  judgement.verdict === 'pass' ? 'pass' : `${judgement.verdict} ${judgement.reaches.module}.${judgement.reaches.name}`;
const type = (code: string): Shape => made('numpy.dtype', [str(code), no, yes]);
const array = (): Shape =>
  made('numpy.core.multiarray._reconstruct', [ref('numpy.ndarray'), tuple(int(0)), ['bytes', '62']]);
const tupleOf = (...items: readonly Shape[]): Shape => ({
  kind: 'tuple',
  items,
  more: false,
  kinds: new Set(items.flatMap((item) => [item.kind, ...('kinds' in item ? item.kinds : [])])),
});
const storage: Shape = { kind: 'persistent', of: 'torch.Storage', elements: 6 };
const hooks = (): Shape => made('collections.OrderedDict', []);

describe('what is only named', () => {
  it.each([
    ['os.system', 'process', 'os.system'],
    ['posix.system', 'process', 'os.system'],
    ['random._os.system', 'process', 'os.system'],
    ['numpy.f2py.os.system', 'process', 'os.system'],
    ['builtins.eval', 'code', 'builtins.eval'],
    ['__builtin__.execfile', 'code', 'builtins.execfile'],
    ['subprocess.Popen', 'process', 'subprocess.Popen'],
    ['socket.create_connection', 'network', 'socket.create_connection'],
    ['builtins.open', 'file', 'builtins.open'],
    ['shutil.rmtree', 'file', 'shutil.rmtree'],
    ['importlib.import_module', 'import', 'importlib.import_module'],
    ['pickle.loads', 'deserialise', 'pickle.loads'],
    ['torch.load', 'deserialise', 'torch.load'],
    ['pandas.read_csv', 'file', 'pandas.read_csv'],
    ['types.CodeType', 'code', 'types.CodeType'],
    ['sys.settrace', 'state', 'sys.settrace'],
    ['collections.OrderedDict.__init__.__globals__', 'code', 'collections.OrderedDict.__init__.__globals__'],
  ])('%s fails: %s', (full, effect, reaches) => {
    // As a pickle of protocol 4 has it: the module first, and the way from there.
    const [module = '', ...rest] = full.split('.');
    const judgement = judge.reference({ module, name: rest.join('.') });
    expect(judgement).toMatchObject({ verdict: 'fail', effect });
    expect(reached(judgement)).toBe(`fail ${reaches}`);
  });

  it.each(['nowhere.Thing', 'transformers.training_args.TrainingArguments', 'scipy.signal.lti', 'sklearn.svm.SVC.fit'])(
    '%s is unknown',
    (full) => {
      expect(
        judge.reference({ module: full.slice(0, full.lastIndexOf('.')), name: full.split('.').at(-1)! }).verdict,
      ).toBe('unknown');
    },
  );

  it.each(['numpy.ndarray', 'torch.FloatStorage', 'sklearn.svm._classes.SVC', 'builtins.getattr', 'numpy.log1p'])(
    '%s passes',
    (full) => {
      expect(
        judge.reference({ module: full.slice(0, full.lastIndexOf('.')), name: full.split('.').at(-1)! }).verdict,
      ).toBe('pass');
    },
  );
});

describe('what leads to something else', () => {
  it('getattr is its target', () => {
    expect(
      call('builtins.getattr', [{ kind: 'reference', reference: { module: 'os', name: '' } }, str('system')]),
    ).toMatchObject({ verdict: 'fail', effect: 'process' });
    expect(call('builtins.getattr', [ref('collections.OrderedDict'), str('__class__')])).toMatchObject({
      effect: 'code',
    });
    expect(call('builtins.getattr', [ref('collections.OrderedDict'), { kind: 'opaque' }]).verdict).toBe('fail');
  });

  it('what attrgetter, methodcaller and partial keep is judged when it is called, and partial before', () => {
    const os: Shape = { kind: 'reference', reference: { module: 'os', name: '' } };
    for (const name of ['attrgetter', 'methodcaller']) {
      const keeps = call(`operator.${name}`, [str('system')]);
      expect(keeps.verdict).toBe('unknown');
      const returns = keeps.verdict === 'unknown' ? keeps.returns! : undefined;
      expect(reached(judge.call(returns!, 'reduce', [os]))).toBe('fail os.system');
    }
    expect(reached(call('functools.partial', [ref('os.system'), str('id')]))).toBe('fail os.system');
    expect(call('functools.partial', [ref('collections.OrderedDict')]).verdict).toBe('pass');
  });

  it('an import says what it imports', () => {
    expect(call('builtins.__import__', [str('os')])).toMatchObject({
      effect: 'import',
      reaches: { module: 'os', name: '' },
    });
  });

  it('a class that is changed is a change for everybody', () => {
    const judgement = judge.call(shapeOf(ref('collections.OrderedDict')), 'build', [shapeOf(dict({ a: int(1) }))]);
    expect(judgement).toMatchObject({ verdict: 'fail', effect: 'state' });
  });

  it('takes no memory without measure', () => {
    for (const [full, args] of [
      ['builtins.bytearray', [int(1e12)]],
      ['operator.mul', [str('a'), int(1e12)]],
      ['numpy.zeros', [tuple(int(1e6), int(1e6))]],
    ] as const) {
      expect(call(full, args)).toMatchObject({ verdict: 'fail', effect: 'memory' });
    }
  });
});

describe('numpy', () => {
  const state = (...parts: readonly (Traced | Shape)[]): Shape => tupleOf(...parts.map(toShape));
  const build = (instance: Shape, given: Shape): string => judge.call(instance, 'build', [given]).verdict;

  it('makes an array whose bytes are as many as its shape and type ask for, and no other', () => {
    expect(build(array(), state(int(1), tuple(int(3)), type('f8'), no, bytes(24)))).toBe('pass');
    expect(build(array(), state(int(1), tuple(int(3)), type('f8'), no, bytes(23)))).not.toBe('pass');
    expect(build(array(), state(int(1), tuple(int(-3)), type('f8'), no, bytes(24)))).not.toBe('pass');
    expect(build(array(), state(int(1), tuple(int(2 ** 40)), type('O'), no, list(none)))).not.toBe('pass');
    expect(build(array(), state(int(1), tuple(int(1)), type('O'), no, list(none)))).toBe('pass');
    expect(build(array(), state(int(1), tuple(int(1)), type('O'), no, bytes(8)))).not.toBe('pass');
    expect(build(array(), state(int(1), tuple(int(3)), type('f8'), no, bytes(24), none))).not.toBe('pass');
  });

  it('lets no type be another one than it was made as', () => {
    const plain = [int(3), str('<'), none, none, none, int(-1), int(-1)];
    expect(build(type('f8'), state(...plain, int(0)))).toBe('pass');
    expect(build(type('O8'), state(...plain, int(63)))).toBe('pass');
    // Without the flag for references, numpy would take the bytes of the file for addresses.
    expect(build(type('O8'), state(...plain, int(0)))).not.toBe('pass');
    expect(build(type('f8'), state(...plain, int(63)))).not.toBe('pass');
    const record = (offset: number, inner: string): Shape => {
      const field = tupleOf(type(inner), shapeOf(int(offset)));
      const fields: Shape = {
        kind: 'dict',
        entries: [[shapeOf(str('a')), field]],
        more: false,
        kinds: new Set(['str', 'tuple', 'instance', 'int']),
      };
      return state(int(3), str('|'), none, tuple(str('a')), fields, int(16), int(1), int(16));
    };
    expect(build(type('V16'), record(8, 'f8'))).toBe('pass');
    expect(build(type('V16'), record(12, 'f8'))).not.toBe('pass');
    expect(build(type('V16'), record(0, 'O'))).not.toBe('pass');
  });

  it.each<[string, readonly (Traced | Shape)[]]>([
    ['numpy.dtype', [str('f8'), no, no]],
    ['numpy.dtype', [str('f8,O'), no, yes]],
    ['numpy.dtype', [ref('os.system'), no, yes]],
    ['numpy.dtype', [str('f8'), no, yes, none]],
    ['numpy.core.multiarray._reconstruct', [ref('numpy.memmap'), tuple(int(0)), ['bytes', '62']]],
    ['numpy.core.multiarray._reconstruct', [ref('numpy.ndarray'), tuple(int(9e9)), ['bytes', '62']]],
    ['numpy.core.multiarray.scalar', [type('O'), bytes(8)]],
    ['numpy.core.multiarray.scalar', [type('f8'), bytes(4)]],
    ['numpy.core.numeric._frombuffer', [bytes(8), type('O'), tuple(int(1)), str('C')]],
  ])('%s does not pass with other arguments', (full, args) => {
    expect(call(full, args).verdict).not.toBe('pass');
  });
});

describe('torch', () => {
  const rebuild = (...args: readonly (Traced | Shape)[]): string =>
    call('torch._utils._rebuild_tensor_v2', args).verdict;

  it('makes a tensor that lies within its storage', () => {
    expect(rebuild(storage, int(0), tuple(int(2), int(3)), tuple(int(3), int(1)), no, hooks())).toBe('pass');
    expect(rebuild(storage, int(1), tuple(int(2), int(3)), tuple(int(3), int(1)), no, hooks())).not.toBe('pass');
    expect(rebuild(storage, int(0), tuple(int(2), int(3)), tuple(int(4), int(1)), no, hooks())).not.toBe('pass');
    expect(rebuild(storage, int(-1), tuple(int(2)), tuple(int(1)), no, hooks())).not.toBe('pass');
  });

  it('takes nothing in place of a storage, a flag or the hooks, and nothing more', () => {
    const sizes = [tuple(int(2)), tuple(int(1))];
    expect(rebuild(bytes(8), int(0), ...sizes, no, hooks())).not.toBe('pass');
    expect(rebuild(storage, int(0), ...sizes, ref('os.system'), hooks())).not.toBe('pass');
    expect(rebuild(storage, int(0), ...sizes, no, ref('collections.OrderedDict'))).not.toBe('pass');
    expect(rebuild(storage, int(0), ...sizes, no, hooks(), none, none)).not.toBe('pass');
  });

  it('fills a module, but with nothing that pickle would call', () => {
    const module = made('torch.nn.modules.linear.Linear', [], 'new');
    expect(judge.call(module, 'build', [shapeOf(dict({ training: yes, weight: none }))]).verdict).toBe('pass');
    for (const name of ['__setstate__', '__class__', 'append', 'extend']) {
      expect(judge.call(module, 'build', [shapeOf(dict({ [name]: ref('builtins.getattr') }))]).verdict).not.toBe(
        'pass',
      );
    }
    expect(judge.call(module, 'extend', [shapeOf(list(none))]).verdict).not.toBe('pass');
    expect(call('torch.nn.modules.linear.Linear', [int(2), int(3)]).verdict).not.toBe('pass');
  });
});

describe('Python', () => {
  it('writes bytes as text in Latin-1 in old protocols', () => {
    const shape = made('_codecs.encode', [str('\u00ff\u0001'), str('latin1')]);
    expect(shape).toMatchObject({ kind: 'bytes', length: 2 });
    expect(shape.kind === 'bytes' && [...shape.read()]).toEqual([255, 1]);
    expect(call('_codecs.encode', [str('a'), str('zip')]).verdict).not.toBe('pass');
  });

  it.each<[string, readonly (Traced | Shape)[], CallKind]>([
    ['copyreg._reconstructor', [ref('sklearn.svm._classes.SVC'), ref('builtins.object'), none], 'reduce'],
    ['sklearn.svm._classes.SVC', [], 'new'],
    ['datetime.datetime', [bytes(10)], 'reduce'],
    ['decimal.Decimal', [str('1.5')], 'reduce'],
    ['collections.defaultdict', [ref('builtins.list')], 'reduce'],
    ['builtins.bytearray', [bytes(9)], 'reduce'],
    [
      'builtins.complex',
      [
        ['float', '1'],
        ['float', '2'],
      ],
      'reduce',
    ],
  ])('%s passes', (full, args, kind) => {
    expect(call(full, args, kind).verdict).toBe('pass');
  });

  it.each<[string, readonly (Traced | Shape)[], CallKind]>([
    ['copyreg._reconstructor', [ref('subprocess.Popen'), ref('builtins.object'), none], 'reduce'],
    ['copyreg._reconstructor', [ref('sklearn.svm._classes.SVC'), ref('builtins.dict'), dict({})], 'reduce'],
    ['sklearn.svm._classes.SVC', [none], 'new'],
    ['sklearn.svm._classes.SVC', [], 'reduce'],
    ['datetime.datetime', [bytes(11)], 'reduce'],
    ['collections.defaultdict', [ref('os.getcwd')], 'reduce'],
    ['collections.OrderedDict', [ref('builtins.list')], 'reduce'],
    ['builtins.type', [str('A'), tuple(), dict({})], 'reduce'],
    ['builtins.complex', [str('1')], 'reduce'],
    ['logging.getLogger', [int(1)], 'reduce'],
  ])('%s does not pass with other arguments', (full, args, kind) => {
    expect(call(full, args, kind).verdict).not.toBe('pass');
  });

  it('sees all of a state before it lets it pass', () => {
    const instance = made('uuid.UUID', [], 'new');
    const unseen: Traced = ['dict', [tuple(str('int'), int(1))], ['str', 'int']];
    expect(judge.call(instance, 'build', [shapeOf(unseen)]).verdict).toBe('unknown');
  });
});

describe('what the user allows', () => {
  it('passes with any arguments under its own name, and changes the digest', () => {
    const own = judgeFor({ callables: new Set(['mine.Model']), digests: new Set() });
    const callee = shapeOf(ref('mine.Model'));
    expect(own.reference({ module: 'mine', name: 'Model' }).verdict).toBe('pass');
    const result = own.call(callee, 'reduce', [shapeOf(str('x'))]);
    expect(result).toEqual({ verdict: 'pass', returns: { kind: 'instance', of: 'mine.Model' } });
    expect(own.reference({ module: 'mine', name: 'Other' }).verdict).toBe('unknown');
    expect(own.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(own.digest).not.toBe(judge.digest);
    expect(judgeFor({ callables: new Set(), digests: new Set() }).digest).toBe(judge.digest);
  });
});
