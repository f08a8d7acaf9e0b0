import type { Entry } from '../entry.ts';
import type { Pattern } from '../pattern.ts';

const int: Pattern = 'int';
const timezone: Pattern = { either: ['none', { instance: ['datetime.timezone'] }] };
/** Factories that make something empty. */
const factory: Pattern = {
  either: [
    'none',
    { reference: ['list', 'dict', 'set', 'int', 'float', 'str', 'tuple', 'bool'].map((name) => `builtins.${name}`) },
    { reference: ['collections.OrderedDict'] },
  ],
};
const pathParts: Pattern = { short: 4096 };
const mapping: Pattern = { dict: ['data', 'object'] };

/** Containers and values of the standard library, as their `__reduce__` writes them (CPython 3.8 to 3.14). */
export const standardLibrary: readonly Entry[] = [
  {
    names: ['collections.OrderedDict'],
    calls: [
      {
        arguments: [{ either: [{ every: { either: [{ tuple: ['data', 'object'] }, 'data'] }, of: 'list' }, mapping] }],
        required: 0,
      },
    ],
    new: [{ arguments: [] }],
    returns: 'collections.OrderedDict',
    state: 'attributes',
    entries: ['object', 'object'],
  },
  {
    names: ['collections.defaultdict'],
    calls: [{ arguments: [factory], required: 0 }],
    returns: 'collections.defaultdict',
    entries: ['object', 'object'],
  },
  {
    names: ['collections.Counter'],
    calls: [{ arguments: [{ dict: ['data', { either: ['int', 'float'] }] }], required: 0 }],
    returns: 'collections.Counter',
    entries: ['object', 'object'],
  },
  {
    names: ['collections.deque'],
    calls: [
      {
        arguments: [{ either: [{ tuple: [] }, { every: 'object', of: 'list' }] }, { either: ['none', int] }],
        required: 0,
      },
    ],
    returns: 'collections.deque',
    items: 'object',
  },
  { names: ['datetime.timedelta'], calls: [{ arguments: [int, int, int] }], returns: 'datetime.timedelta' },
  {
    names: ['datetime.timezone'],
    calls: [{ arguments: [{ instance: ['datetime.timedelta'] }, { short: 256 }], required: 1 }],
    returns: 'datetime.timezone',
  },
  {
    names: ['datetime.date'],
    calls: [{ arguments: [{ short: 4 }] }, { arguments: [int, int, int] }],
    returns: 'datetime.date',
  },
  {
    names: ['datetime.datetime'],
    calls: [{ arguments: [{ short: 10 }, timezone], required: 1 }],
    returns: 'datetime.datetime',
  },
  { names: ['datetime.time'], calls: [{ arguments: [{ short: 6 }, timezone], required: 1 }], returns: 'datetime.time' },
  {
    // An exponent has no effect until somebody computes with it.
    names: ['decimal.Decimal'],
    calls: [{ arguments: [{ short: 4096 }] }],
    returns: 'decimal.Decimal',
  },
  {
    names: ['fractions.Fraction'],
    calls: [{ arguments: [int, int] }, { arguments: [{ matching: '-?\\d{1,1000}(?:/\\d{1,1000})?' }] }],
    returns: 'fractions.Fraction',
  },
  {
    names: ['uuid.UUID'],
    new: [{ arguments: [] }],
    returns: 'uuid.UUID',
    // It looks the safety up, and says which one it did not find.
    state: { fields: { int: 'int', is_safe: 'int' }, only: true },
  },
  // A path is a name: nothing is opened until somebody opens it.
  ...['PurePosixPath', 'PureWindowsPath', 'PosixPath', 'WindowsPath'].map(
    (name): Entry => ({
      names: [`pathlib.${name}`, `pathlib._local.${name}`],
      calls: [{ arguments: [], rest: pathParts }],
      returns: `pathlib.${name}`,
    }),
  ),
  {
    names: ['types.SimpleNamespace'],
    calls: [{ arguments: [] }],
    returns: 'types.SimpleNamespace',
    state: 'attributes',
  },
  {
    names: ['argparse.Namespace'],
    new: [{ arguments: [] }],
    returns: 'argparse.Namespace',
    state: 'attributes',
  },
  {
    // Its state is 625 numbers and, maybe, the next of the normal distribution.
    names: ['random.Random'],
    calls: [{ arguments: [] }],
    returns: 'random.Random',
    state: { tuple: [int, { every: int, of: 'tuple' }, { either: ['none', 'float'] }] },
  },
  // Logging only makes or finds a logger by this name.
  { names: ['logging.getLogger'], calls: [{ arguments: [{ short: 256 }] }], returns: 'logging.Logger' },
];
