import type { Entry } from '../entry.ts';
import { numpyFunctions, numpyTypes } from '../generated/numpy-names.ts';
import type { Pattern } from '../pattern.ts';

const bytes: Pattern = 'bytes';
const int: Pattern = 'int';
const flag: Pattern = { either: ['bool', { int: [0, 1] }] };
const ints: Pattern = { every: int, of: 'tuple' };
const zero: Pattern = { int: [0, 0] };
const anyType: Pattern = { either: ['dtype', 'object dtype'] };
const array: Pattern = { instance: ['numpy.ndarray'] };
const endian: Pattern = { text: ['<', '>', '|', '='] };
const fields: Pattern = { either: ['none', { dict: ['str', { tuple: ['dtype', int] }] }] };
const fieldNames: Pattern = { either: ['none', { every: 'str', of: 'tuple' }] };
const typeState: readonly Pattern[] = [{ int: [3, 4] }, endian, 'none', fieldNames, fields, int, int, int];
/** The unit of a date: `(None, (b'D', 1, 1, 1))`. */
const unit: Pattern = {
  tuple: [{ either: ['none', { tuple: [] }, { dict: ['data', 'data'] }] }, { tuple: [{ short: 8 }, int, int, int] }],
};

const arrayState: Pattern = {
  tuple: [{ int: [1, 1] }, ints, anyType, flag, { either: [bytes, { every: 'object', of: 'list' }] }],
};
const both = (name: string): readonly string[] => [`numpy._core.${name}`, `numpy.core.${name}`];
const spelled = (names: string): string[] => names.trim().split(/\s+/);

const algorithms: readonly (readonly [name: string, module: string])[] = [
  ['MT19937', '_mt19937'],
  ['PCG64', '_pcg64'],
  ['PCG64DXSM', '_pcg64'],
  ['Philox', '_philox'],
  ['SFC64', '_sfc64'],
];
const names = algorithms.map(([name]) => name);
const classes = algorithms.map(([name, module]) => `numpy.random.${module}.${name}`);
const algorithm: Pattern = { either: [{ text: names }, { reference: classes }] };
const numbers: Pattern = {
  dict: ['str', { either: ['data', array, { dict: ['str', { either: ['data', array] }] }] }],
};
const seed: Pattern = { either: ['none', { instance: ['numpy.random.bit_generator.SeedSequence'] }] };
const constructor: Pattern = { reference: ['numpy.random._pickle.__bit_generator_ctor'] };
const generator: Pattern = { either: [{ instance: ['numpy.random.BitGenerator'] }, { text: names }] };
const seeds: readonly Entry[] = [
  {
    names: ['numpy.random.bit_generator.SeedSequence'],
    state: {
      tuple: [
        { either: ['data', array, { instance: ['numpy.generic'] }] },
        int,
        array,
        int,
        { every: int, of: 'tuple' },
      ],
    },
  },
  {
    names: ['numpy.random.bit_generator.__pyx_unpickle_SeedSequence'],
    calls: [
      {
        arguments: [{ reference: ['numpy.random.bit_generator.SeedSequence'] }, int, 'none'],
      },
    ],
    returns: 'numpy.random.bit_generator.SeedSequence',
  },
];

/** numpy 1.11 to 2.4: `ndarray.__reduce__`, `dtype.__reduce__`, `generic.__reduce__`, `numpy.random`. */
export const numpy: readonly Entry[] = [
  {
    names: ['numpy.ndarray'],
    state: arrayState,
    stateRelation: 'array is complete',
  },
  {
    names: ['numpy.matrix', 'numpy.matrixlib.defmatrix.matrix'],
    state: arrayState,
    stateRelation: 'array is complete',
  },
  {
    names: both('multiarray._reconstruct'),
    calls: [
      {
        arguments: [{ reference: ['numpy.ndarray', 'numpy.matrix'] }, { tuple: [zero] }, { text: ['b'] }],
      },
    ],
    returns: { instanceOf: 0 },
  },
  {
    names: both('numeric._frombuffer'),
    calls: [{ arguments: [bytes, 'dtype', ints, { text: ['C', 'F'] }], relation: 'buffer is complete' }],
    returns: 'numpy.ndarray',
  },
  {
    names: both('multiarray.scalar'),
    calls: [{ arguments: ['dtype', bytes], relation: 'scalar is complete' }],
    returns: 'numpy.generic',
  },
  {
    // Text of the code alone: `numpy.dtype` also takes classes, and text that names fields.
    names: ['numpy.dtype'],
    calls: [
      {
        arguments: [
          { matching: 'b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[mM]8|[SUV]\\d{1,9}|O[48]?' },
          { either: ['bool', zero] },
          // A copy: `BUILD` must not change the type that everybody shares.
          { either: ['bool', { int: [1, 1] }] },
        ],
        relation: 'type is a copy',
      },
    ],
    returns: { keeps: 'numpy.dtype' },
    state: { either: [{ tuple: typeState }, { tuple: [...typeState, { either: ['none', unit] }] }] },
    stateRelation: 'type is itself',
  },
  {
    names: ['numpy.ma.core._mareconstruct'],
    calls: [
      {
        arguments: [
          { reference: ['numpy.ma.MaskedArray'] },
          { reference: ['numpy.ndarray'] },
          { tuple: [zero] },
          { text: ['b'] },
        ],
      },
    ],
    returns: 'numpy.ma.MaskedArray',
  },
  {
    names: ['numpy.ma.MaskedArray', 'numpy.ma.core.MaskedArray'],
    state: {
      tuple: [
        { int: [1, 1] },
        ints,
        anyType,
        flag,
        { either: [bytes, { every: 'object', of: 'list' }] },
        bytes,
        { either: ['data', array, { instance: ['numpy.generic'] }] },
      ],
    },
    stateRelation: 'array is complete',
  },
  ...random(),
  ...spelled(numpyTypes).map((name): Entry => ({ names: [`numpy.${name}`] })),
  ...spelled(numpyFunctions).map((name): Entry => ({ names: [`numpy.${name}`] })),
];

/** Generators: an algorithm by its name or class, and the numbers of its state. */
function random(): readonly Entry[] {
  return [
    ...classes.map((name): Entry => ({ names: [name] })),
    {
      names: ['numpy.random._pickle.__bit_generator_ctor'],
      calls: [{ arguments: [algorithm], required: 0 }],
      returns: 'numpy.random.BitGenerator',
    },
    { names: ['numpy.random.BitGenerator'], state: { either: [{ tuple: [numbers, seed] }, numbers] } },
    ...['Generator', 'RandomState'].flatMap((name): readonly Entry[] => [
      {
        names: [`numpy.random._pickle.__${name.toLowerCase()}_ctor`],
        calls: [{ arguments: [generator, constructor], required: 0 }],
        returns: `numpy.random.${name}`,
      },
      { names: [`numpy.random.${name}`], state: { either: ['none', numbers] } },
    ]),
    ...seeds,
  ];
}
