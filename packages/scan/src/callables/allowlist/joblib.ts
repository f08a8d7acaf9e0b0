import type { Entry } from '../entry.ts';
import type { Pattern } from '../pattern.ts';

const int: Pattern = 'int';

/** joblib 0.10 to 1.6: an array whose bytes follow in the file, described by what stands here. */
export const joblib: readonly Entry[] = [
  {
    names: ['joblib.numpy_pickle.NumpyArrayWrapper', 'sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper'],
    new: [{ arguments: [] }],
    returns: 'joblib.numpy_pickle.NumpyArrayWrapper',
    state: {
      fields: {
        subclass: { reference: ['numpy.ndarray', 'numpy.matrix'] },
        shape: { every: int, of: 'tuple' },
        order: { text: ['C', 'F'] },
        dtype: { either: ['dtype', 'object dtype'] },
        allow_mmap: 'bool',
        numpy_array_alignment_bytes: { either: [{ int: [0, 255] }, 'none'] },
      },
      // It reads by methods, and an attribute would take the place of one.
      only: true,
    },
  },
];
