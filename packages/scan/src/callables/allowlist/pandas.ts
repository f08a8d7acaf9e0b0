import type { Entry } from '../entry.ts';
import type { Pattern } from '../pattern.ts';

const int: Pattern = 'int';
const indexes: readonly (readonly [name: string, module: string])[] = [
  ['Index', 'base'],
  ['RangeIndex', 'range'],
  ['MultiIndex', 'multi'],
  ['CategoricalIndex', 'category'],
  ['DatetimeIndex', 'datetimes'],
  ['TimedeltaIndex', 'timedeltas'],
];
const backed: readonly string[] = [
  'StringArray',
  'NumpyExtensionArray',
  'DatetimeArray',
  'TimedeltaArray',
  'Categorical',
];
const masked: readonly string[] = ['IntegerArray', 'FloatingArray', 'BooleanArray'];
const dtypes: readonly string[] = 'Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Boolean'.split(
  ' ',
);
const offsets: readonly string[] = 'Day Hour Minute Second Milli Micro Nano'.split(' ');

const fullArray = (name: string): string => (name === 'Categorical' ? 'pandas.Categorical' : `pandas.arrays.${name}`);
const arrayNames: readonly string[] = [...backed, ...masked].map(fullArray);
const array: Pattern = { instance: ['numpy.ndarray', ...arrayNames] };
const index: Pattern = { instance: indexes.map(([name]) => `pandas.${name}`) };
const extensionDtype: Pattern = {
  instance: ['pandas.StringDtype', 'pandas.CategoricalDtype', ...dtypes.map((name) => `pandas.${name}Dtype`)],
};
const dtype: Pattern = { either: ['dtype', 'object dtype', extensionDtype] };
const offset: Pattern = { either: ['none', { instance: offsets.map((name) => `pandas.${name}`) }] };
const cache: Pattern = {
  dict: [
    { text: ['_cache', '_freq', '_flags'] },
    { either: ['data', offset, { dict: ['str', { either: ['data', extensionDtype] }] }] },
  ],
};
const managers = 'pandas.core.internals.managers';
const manager: Pattern = { instance: [`${managers}.BlockManager`, `${managers}.SingleBlockManager`] };
const list = (every: Pattern): Pattern => ({ every, of: 'list' });
const axes = list(index);
const managerState: Pattern = { tuple: [axes, list(array), axes, { dict: [{ text: ['0.14.1'] }, 'object'] }] };

/** What an index is made from: its values, and a name. */
const indexParts: Pattern = {
  fields: {
    data: array,
    name: 'data',
    ...{ start: int, stop: int, step: int },
    ...{ levels: list(index), codes: list(array), sortorder: { either: ['none', int] }, names: list('data') },
    ...{ freq: offset, tz: 'none' },
  },
  only: true,
};

const backedArray: Pattern = { instance: ['numpy.ndarray'] };
const states: readonly Pattern[] = [
  { tuple: [dtype, backedArray] },
  { tuple: [backedArray, dtype] },
  { tuple: [dtype, backedArray, cache] },
  { tuple: [backedArray, dtype, cache] },
];
const spelled = (name: string, module: string): readonly string[] => [
  fullArray(name),
  `pandas.core.arrays.${module}.${name}`,
];
const modules: Readonly<Record<string, string>> = {
  ...{
    StringArray: 'string_',
    NumpyExtensionArray: 'numpy_',
    DatetimeArray: 'datetimes',
    TimedeltaArray: 'timedeltas',
  },
  ...{ Categorical: 'categorical', IntegerArray: 'integer', FloatingArray: 'floating', BooleanArray: 'boolean' },
};

/** pandas 1.5 to 3.1: frames, series and indexes over arrays of numbers, text, dates and categories. */
export const pandas: readonly Entry[] = [
  ...frame('DataFrame', 'frame'),
  ...frame('Series', 'series'),
  ...blocks(),
  ...indexes.map(([name, module]): Entry => ({ names: [`pandas.${name}`, `pandas.core.indexes.${module}.${name}`] })),
  {
    names: ['pandas.core.indexes.base._new_Index'],
    calls: [{ arguments: ['index class', indexParts] }],
    returns: { instanceOf: 0 },
  },
  {
    names: ['pandas.core.indexes.datetimes._new_DatetimeIndex'],
    calls: [{ arguments: [{ reference: ['pandas.DatetimeIndex'] }, indexParts] }],
    returns: { instanceOf: 0 },
  },
  ...backedArrays(),
  ...maskedArrays(),
  ...extensionDtypes(),
  ...values(),
];

function frame(name: string, module: string): readonly Entry[] {
  const state: Pattern = {
    fields: {
      ...{ _mgr: manager, _typ: { text: ['dataframe', 'series'] }, _metadata: list('str'), attrs: 'data' },
      ...{ _flags: { dict: [{ text: ['allows_duplicate_labels'] }, 'bool'] }, _name: 'data', name: 'data' },
    },
    only: true,
  };
  const full = `pandas.${name}`;
  return [{ names: [full, `pandas.core.${module}.${name}`], new: [{ arguments: [] }], returns: full, state }];
}

function blocks(): readonly Entry[] {
  const block: Pattern = { instance: ['pandas.Block'] };
  return [
    {
      names: [`${managers}.BlockManager`],
      calls: [{ arguments: [{ every: block, of: 'tuple' }, axes] }],
      new: [{ arguments: [] }],
      returns: `${managers}.BlockManager`,
      state: managerState,
    },
    {
      names: [`${managers}.SingleBlockManager`],
      new: [{ arguments: [] }],
      returns: `${managers}.SingleBlockManager`,
      state: managerState,
    },
    {
      names: ['pandas._libs.internals._unpickle_block'],
      calls: [{ arguments: [array, { instance: ['builtins.slice', 'numpy.ndarray'] }, { int: [0, 2] }] }],
      returns: 'pandas.Block',
    },
  ];
}

function backedArrays(): readonly Entry[] {
  return [
    ...backed.map((name): Entry => ({ names: spelled(name, modules[name] ?? ''), state: { either: states } })),
    {
      names: ['pandas._libs.arrays.__pyx_unpickle_NDArrayBacked'],
      calls: [{ arguments: [{ reference: backed.map(fullArray) }, int, 'none'] }],
      returns: { instanceOf: 0 },
    },
  ];
}

function maskedArrays(): readonly Entry[] {
  return [
    ...masked.map(
      (name): Entry => ({
        names: spelled(name, modules[name] ?? ''),
        new: [{ arguments: [] }],
        returns: fullArray(name),
        state: {
          fields: {
            ...{ _data: backedArray, _mask: backedArray, _dtype: extensionDtype },
            _cache: { dict: ['str', { either: ['data', extensionDtype] }] },
          },
          only: true,
        },
      }),
    ),
  ];
}

function extensionDtypes(): readonly Entry[] {
  return [
    ...dtypes.map(
      (name): Entry => ({
        names: [`pandas.${name}Dtype`],
        new: [{ arguments: [] }],
        calls: [{ arguments: [] }],
        returns: `pandas.${name}Dtype`,
        state: { dict: [{ text: ['_cache'] }, 'data'] },
      }),
    ),
    {
      names: ['pandas.StringDtype', 'pandas.core.arrays.string_.StringDtype'],
      calls: [{ arguments: [{ text: ['python'] }, { either: ['float', { reference: ['pandas.NA'] }] }], required: 1 }],
      returns: 'pandas.StringDtype',
    },
    {
      names: ['pandas.CategoricalDtype', 'pandas.core.dtypes.dtypes.CategoricalDtype'],
      new: [{ arguments: [] }],
      returns: 'pandas.CategoricalDtype',
      state: { fields: { categories: index, ordered: { either: ['bool', 'none'] } }, only: true },
    },
  ];
}

function values(): readonly Entry[] {
  const resolution: Pattern = { int: [0, 16] };
  return [
    { names: ['pandas.NA', 'pandas._libs.missing.NA'] },
    {
      names: ['pandas._libs.tslibs.timestamps._unpickle_timestamp'],
      // Without a time zone: for one, pandas opens the system's files.
      calls: [{ arguments: [int, 'none', 'none', resolution], required: 3 }],
      returns: 'pandas.Timestamp',
    },
    {
      names: ['pandas._libs.tslibs.timedeltas._timedelta_unpickle'],
      calls: [{ arguments: [int, resolution] }],
      returns: 'pandas.Timedelta',
    },
    { names: ['pandas._libs.tslibs.nattype._nat_unpickle'], calls: [{ arguments: ['none'] }], returns: 'pandas.NaT' },
    ...offsets.map(
      (name): Entry => ({
        names: [`pandas._libs.tslibs.offsets.${name}`],
        calls: [{ arguments: [int, 'bool'] }],
        returns: `pandas.${name}`,
      }),
    ),
  ];
}
