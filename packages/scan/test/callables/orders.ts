import fc from 'fast-check';
import { allowlist } from '../../src/callables/allowlist/index.ts';
import type { CallForm, Entry } from '../../src/callables/entry.ts';
import type { Judge, Shape } from '../../src/callables/judge.ts';
import type { Pattern, Simple } from '../../src/callables/pattern.ts';
import { shapeOf, type Traced } from './replay.ts';

/** A call that run-calls.py can run, with what is done to what comes out. */
export interface Order {
  readonly do: 'reduce' | 'new';
  readonly callee: Traced;
  readonly args: readonly Traced[];
  readonly then: readonly (readonly ['build' | 'extend' | 'setitems', Traced])[];
}

const call = (callee: string, args: readonly Traced[], then: Order['then'] = [], kind = 'reduce'): Traced => [
  'call',
  kind,
  reference(callee),
  args,
  then,
];
const int = (value: number): Traced => ['int', String(value)];
const str = (value: string): Traced => ['str', value];
const list = (kind: string, items: readonly Traced[]): Traced => [kind, items, []];
const type = (code: string): Traced => call('numpy.dtype', [str(code), ['bool', false], ['bool', true]]);
const array = (count: number, code = 'f8', size = 8): Traced =>
  call('numpy.core.numeric._frombuffer', [
    ['bytes', '00'.repeat(count * size)],
    type(code),
    list('tuple', [int(count)]),
    str('C'),
  ]);

function reference(full: string): Traced {
  const dot = full.lastIndexOf('.');
  return ['ref', full.slice(0, dot), full.slice(dot + 1)];
}

const tensor = call('torch._utils._rebuild_tensor_v2', [
  ['persistent', 'torch.Storage'],
  int(0),
  list('tuple', [int(2)]),
  list('tuple', [int(1)]),
  ['bool', false],
  call('collections.OrderedDict', []),
]);
const words = (pairs: Readonly<Record<string, Traced>>): Traced =>
  list(
    'dict',
    Object.entries(pairs).map(([key, value]) => list('tuple', [str(key), value])),
  );
const index = call('pandas.core.indexes.base._new_Index', [
  reference('pandas.Index'),
  words({ data: array(2, 'i8'), name: ['none'] }),
]);
const rangeIndex = call('pandas.core.indexes.base._new_Index', [
  reference('pandas.RangeIndex'),
  words({ name: ['none'], start: int(0), stop: int(2), step: int(1) }),
]);
const dates = call(
  'pandas._libs.arrays.__pyx_unpickle_NDArrayBacked',
  [reference('pandas.arrays.DatetimeArray'), int(82904607), ['none']],
  [
    [
      'build',
      list('tuple', [
        call(
          'numpy.dtype',
          [str('M8'), ['bool', false], ['bool', true]],
          [
            [
              'build',
              list('tuple', [
                int(4),
                str('<'),
                ['none'],
                ['none'],
                ['none'],
                int(-1),
                int(-1),
                int(0),
                list('tuple', [['none'], list('tuple', [['bytes', '6e73'], int(1), int(1), int(1)])]),
              ]),
            ],
          ],
        ),
        array(2, 'i8'),
      ]),
    ],
  ],
);
const metric = call('sklearn.metrics._dist_metrics.newObj', [
  reference('sklearn.metrics._dist_metrics.EuclideanDistance64'),
]);

/** Makers of what many calls ask for, where the allowlist alone would be a long way round. */
const makers: Readonly<Record<string, readonly Traced[]>> = {
  'numpy.ndarray': [array(2), array(0), array(3, 'i8'), array(1, 'U2')],
  'numpy.generic': [call('numpy.core.multiarray.scalar', [type('f8'), ['bytes', '000000000000f03f']])],
  'torch.Tensor': [tensor],
  'torch.nn.Parameter': [
    call('torch._utils._rebuild_parameter', [tensor, ['bool', true], call('collections.OrderedDict', [])]),
  ],
  'pandas.Index': [index],
  'pandas.RangeIndex': [rangeIndex],
  'pandas.arrays.DatetimeArray': [dates],
  'sklearn.metrics._dist_metrics.EuclideanDistance64': [metric],
  'pandas.core.internals.managers.BlockManager': [
    call('pandas.core.internals.managers.BlockManager', [
      list('tuple', [
        call('pandas._libs.internals._unpickle_block', [
          array(2),
          call('builtins.slice', [int(0), int(1), int(1)]),
          int(1),
        ]),
      ]),
      list('list', [rangeIndex]),
    ]),
  ],
};

const text = fc.constantFrom(
  '',
  'a',
  'weight',
  '../x',
  'file:///etc/passwd',
  'http://localhost/',
  'os.system',
  'é\u{1F600}',
  'x'.repeat(40),
);
const integers = fc.oneof(fc.integer({ min: -3, max: 70 }), fc.constantFrom(-(2 ** 31), 2 ** 31, 2 ** 40));
const simple: Readonly<Partial<Record<Simple, fc.Arbitrary<Traced>>>> = {
  none: fc.constant(['none']),
  bool: fc.boolean().map((value) => ['bool', value]),
  int: integers.map(int),
  float: fc.constantFrom('0.0', '1.5', 'nan', 'inf', '-1e308').map((value) => ['float', value]),
  str: text.map(str),
  bytes: fc.uint8Array({ maxLength: 24 }).map((value) => ['bytes', Buffer.from(value).toString('hex')]),
  dtype: fc.constantFrom('f8', 'f4', 'i8', 'u1', 'b1', 'U3', 'S4', 'V6', 'M8', 'c16').map(type),
  'object dtype': fc.constantFrom('O', 'O8').map(type),
};
const scalar = fc.oneof(...(['none', 'bool', 'int', 'float', 'str', 'bytes'] as const).map((name) => simple[name]!));
const data: fc.Arbitrary<Traced> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }).map((items) => list('list', items)),
  fc.array(scalar, { maxLength: 3 }).map((items) => list('tuple', items)),
  fc.array(fc.tuple(simple.str!, scalar), { maxLength: 3 }).map((pairs) =>
    list(
      'dict',
      pairs.map((pair) => list('tuple', pair)),
    ),
  ),
);
const object: fc.Arbitrary<Traced> = fc.oneof(
  data,
  fc.constantFrom(
    ...makers['numpy.ndarray']!,
    reference('numpy.log1p'),
    reference('builtins.getattr'),
    reference('builtins.list'),
  ),
);
const names = fc.constantFrom(
  'a',
  'weight',
  '_parameters',
  '_modules',
  'estimators_',
  'copy',
  'shape',
  'dtype',
  'loss',
);
const attributes = fc.array(fc.tuple(names.map(str), object), { maxLength: 4 }).map((pairs) =>
  list(
    'dict',
    pairs.map((pair) => list('tuple', pair)),
  ),
);

/** Values that match a pattern, most of them. */
export function valuesOf(pattern: Pattern): fc.Arbitrary<Traced> {
  if (typeof pattern === 'string') return simpleValues(pattern);
  if ('either' in pattern) return fc.oneof(...pattern.either.map(valuesOf));
  if ('int' in pattern) {
    const [least, most] = pattern.int;
    return fc
      .oneof(
        fc.integer({ min: least, max: Math.min(most, least + 64) }),
        fc.constantFrom(least, Math.min(most, 2 ** 31)),
      )
      .map(int);
  }
  if ('text' in pattern) return fc.constantFrom(...pattern.text).map(str);
  if ('matching' in pattern) return fc.stringMatching(new RegExp(`^(?:${pattern.matching})$`, 'u')).map(str);
  if ('short' in pattern) {
    const bytes = fc.uint8Array({ maxLength: Math.min(pattern.short, 12) });
    return fc.oneof(
      text.map(str),
      bytes.map((value): Traced => ['bytes', Buffer.from(value).toString('hex')]),
      fc.constantFrom('1.5', '1e9', 'D').map(str),
    );
  }
  if ('tuple' in pattern) return fc.tuple(...pattern.tuple.map(valuesOf)).map((items) => list('tuple', items));
  if ('every' in pattern)
    return fc.array(valuesOf(pattern.every), { maxLength: 3 }).map((items) => list(pattern.of, items));
  if ('dict' in pattern) return dictOf(pattern.dict);
  if ('fields' in pattern) return fieldsOf(pattern);
  if ('instance' in pattern) return fc.oneof(...pattern.instance.map(instances));
  if ('persistent' in pattern) return fc.constantFrom(...pattern.persistent).map((of): Traced => ['persistent', of]);
  return fc.constantFrom(...pattern.reference).map(reference);
}

function simpleValues(pattern: Simple): fc.Arbitrary<Traced> {
  if (pattern === 'data') return data;
  if (pattern === 'object') return object;
  if (pattern === 'attributes') return attributes;
  if (pattern === 'plain class') return fc.constantFrom('uuid.UUID', 'sklearn.svm._classes.SVC').map(reference);
  if (pattern === 'index class')
    return fc.constantFrom('pandas.Index', 'pandas.RangeIndex', 'pandas.MultiIndex').map(reference);
  return simple[pattern]!;
}

function dictOf([key, value]: readonly [Pattern, Pattern]): fc.Arbitrary<Traced> {
  const keys = key === 'data' || key === 'object' ? simple.str! : valuesOf(key);
  return fc.array(fc.tuple(keys, valuesOf(value)), { maxLength: 3 }).map((pairs) =>
    list(
      'dict',
      pairs.map((pair) => list('tuple', pair)),
    ),
  );
}

function fieldsOf({ fields, only }: Extract<Pattern, { fields: unknown }>): fc.Arbitrary<Traced> {
  const possible = Object.entries(fields).filter(([, value]) => !isAbsent(value));
  const pairs = possible.map(([key, value]) =>
    fc
      .option(valuesOf(value), { nil: undefined, freq: 4 })
      .map((one) => (one === undefined ? [] : [list('tuple', [str(key), one])])),
  );
  return fc.tuple(fc.tuple(...pairs), attributes).map(([known, others]) => {
    return list('dict', [...known.flat(), ...(only === true ? [] : (others[1] as readonly Traced[]))]);
  });
}

/** What no value matches: a field that must not be there. */
function isAbsent(pattern: Pattern): boolean {
  return typeof pattern === 'object' && 'either' in pattern && pattern.either.length === 0;
}

function instances(of: string): fc.Arbitrary<Traced> {
  const made = makers[of];
  if (made !== undefined) return fc.constantFrom(...made);
  const makersOf = allowlist.filter(
    (entry) =>
      entry.returns === of ||
      (typeof entry.returns === 'object' && 'keeps' in entry.returns && entry.returns.keeps === of),
  );
  const forms = makersOf.flatMap((entry) => formsOf(entry));
  if (forms.length === 0) return fc.constant(['opaque']);
  return fc.oneof(
    ...forms.map(([entry, kind, form]) => argumentsOf(form).map((args) => call(entry.names[0]!, args, [], kind))),
  );
}

type Form = readonly [entry: Entry, kind: 'reduce' | 'new', form: CallForm];

function formsOf(entry: Entry): readonly Form[] {
  return [
    ...(entry.calls ?? []).map((form): Form => [entry, 'reduce', form]),
    ...(entry.new ?? []).map((form): Form => [entry, 'new', form]),
  ];
}

/** Every form that a call of the allowlist may take. */
export const forms: readonly Form[] = allowlist.flatMap(formsOf);

function argumentsOf({
  arguments: patterns,
  required = patterns.length,
  rest,
  relation,
}: CallForm): fc.Arbitrary<readonly Traced[]> {
  if (relation === 'buffer is complete')
    return fc
      .nat(5)
      .map((count) => [['bytes', '00'.repeat(count * 8)], type('i8'), list('tuple', [int(count)]), str('C')]);
  if (relation === 'scalar is complete')
    return fc.constantFrom([type('i4'), ['bytes', '01000000']], [type('U1'), ['bytes', '61000000']]);
  const all = fc.tuple(...patterns.map(valuesOf));
  const more = rest === undefined ? fc.constant<Traced[]>([]) : fc.array(valuesOf(rest), { maxLength: 3 });
  return fc
    .tuple(all, fc.integer({ min: required, max: patterns.length }), more)
    .map(([values, count, others]) => [...values.slice(0, count), ...(count === patterns.length ? others : [])]);
}

/** Random calls of one form, with a state, items and entries where the entry has them. */
export function ordersOf([entry, kind, form]: Form): fc.Arbitrary<Order> {
  const result =
    typeof entry.returns === 'string'
      ? (allowlist.find(({ names }) => names.includes(entry.returns as string)) ?? entry)
      : entry;
  const step = (what: Order['then'][number][0], values: fc.Arbitrary<Traced>) =>
    fc.option(
      values.map((value) => [what, value] as const),
      { nil: undefined, freq: 3 },
    );
  const then = fc.tuple(
    result.state === undefined ? fc.constant(undefined) : step('build', valuesOf(result.state)),
    result.items === undefined ? fc.constant(undefined) : step('extend', valuesOf({ every: result.items, of: 'list' })),
    result.entries === undefined ? fc.constant(undefined) : step('setitems', dictOf(result.entries)),
  );
  return fc.tuple(argumentsOf(form), then).map(([args, steps]) => ({
    do: kind,
    callee: reference(entry.names[0]!),
    args,
    then: steps.filter((one) => one !== undefined),
  }));
}

/** The shape of a value, calls included; `opaque` where a call is not allowed. */
export function judgedShape(judge: Judge, value: Traced): Shape {
  const [kind, first, second, third, fourth] = value;
  if (kind === 'call') {
    const order = {
      do: first as Order['do'],
      callee: second as Traced,
      args: third as readonly Traced[],
      then: fourth as Order['then'],
    };
    return judgedOrder(judge, order) ?? { kind: 'opaque' };
  }
  if (kind !== 'dict' && kind !== 'tuple' && kind !== 'list' && kind !== 'set' && kind !== 'frozenset')
    return shapeOf(value);
  const made = new Map<number, Shape>();
  const place = (one: Traced): Traced => {
    if (one[0] === 'call') {
      made.set(made.size, judgedShape(judge, one));
      return ['made', made.size - 1];
    }
    return Array.isArray(one[1]) && one[0] !== 'call' ? [one[0], (one[1] as Traced[]).map(place), one[2]] : one;
  };
  return shapeOf(place(value), made);
}

/** What comes out of a call with all that follows, where the judge lets everything pass. */
export function judgedOrder(judge: Judge, order: Order): Shape | undefined {
  const args = order.args.map((one) => judgedShape(judge, one));
  if (args.some((one) => one.kind === 'opaque')) return undefined;
  const first = judge.call(judgedShape(judge, order.callee), order.do, args);
  if (first.verdict !== 'pass') return undefined;
  for (const [what, given] of order.then) {
    const judgement = judge.call(first.returns, what, [judgedShape(judge, given)]);
    if (judgement.verdict !== 'pass') return undefined;
  }
  return first.returns;
}
