import type { Entry } from '../entry.ts';
import type { Pattern } from '../pattern.ts';

const int: Pattern = 'int';
const optionalInt: Pattern = { either: ['int', 'none'] };
/** What an iterable may be: the items were judged themselves, and are not called. */
const iterable: Pattern = { either: ['data', { every: 'object', of: 'list' }, { every: 'object', of: 'tuple' }] };
const hashable: Pattern = { either: [{ every: 'data', of: 'list' }, { every: 'data', of: 'tuple' }, 'data'] };
const classes: readonly string[] =
  'NoneType Ellipsis NotImplemented object int float bool str memoryview BaseException Exception'.split(' ');

/** https://docs.python.org/3/library/functions.html and copyreg, _codecs: what pickle itself writes. */
export const builtins: readonly Entry[] = [
  ...classes.map((name): Entry => ({ names: [`builtins.${name}`] })),
  {
    names: ['builtins.list'],
    calls: [{ arguments: [iterable], required: 0 }],
    returns: 'builtins.list',
    items: 'object',
  },
  { names: ['builtins.tuple'], calls: [{ arguments: [iterable], required: 0 }], returns: 'builtins.tuple' },
  {
    names: ['builtins.dict'],
    calls: [{ arguments: [{ dict: ['data', 'object'] }], required: 0 }],
    new: [{ arguments: [] }],
    returns: 'builtins.dict',
    entries: ['object', 'object'],
  },
  {
    names: ['builtins.set'],
    calls: [{ arguments: [hashable], required: 0 }],
    returns: 'builtins.set',
    items: 'object',
  },
  { names: ['builtins.frozenset'], calls: [{ arguments: [hashable], required: 0 }], returns: 'builtins.frozenset' },
  { names: ['builtins.complex'], calls: [{ arguments: ['float', 'float'] }], returns: 'builtins.complex' },
  // Lazy: it takes no memory, whatever its length.
  { names: ['builtins.range'], calls: [{ arguments: [int, int, int], required: 1 }], returns: 'builtins.range' },
  {
    names: ['builtins.slice'],
    calls: [{ arguments: [optionalInt, optionalInt, optionalInt], required: 1 }],
    returns: 'builtins.slice',
  },
  { names: ['builtins.bytes'], calls: [{ arguments: [] }], returns: { bytes: 'none' } },
  {
    names: ['builtins.bytearray'],
    calls: [{ arguments: [] }, { arguments: ['bytes'] }, { arguments: ['str', { text: ['latin-1', 'latin1'] }] }],
    returns: { keeps: 'builtins.bytearray' },
  },
  { names: ['builtins.type'], calls: [{ arguments: ['none'] }], returns: 'builtins.NoneType' },
  {
    // How protocols below 3 write bytes.
    names: ['_codecs.encode'],
    calls: [{ arguments: ['str', { text: ['latin1', 'latin-1'] }] }],
    returns: { bytes: 'latin-1' },
  },
  {
    // How protocols 0 and 1 make an instance.
    names: ['copyreg._reconstructor'],
    calls: [{ arguments: ['plain class', { reference: ['builtins.object'] }, 'none'] }],
    returns: { instanceOf: 0 },
  },
  {
    names: ['copyreg.__newobj__'],
    calls: [{ arguments: ['plain class'] }],
    returns: { instanceOf: 0 },
  },
];
