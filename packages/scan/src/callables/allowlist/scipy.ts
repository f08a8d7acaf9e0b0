import type { Entry } from '../entry.ts';
import { scipyClasses } from '../generated/plain-scipy.ts';
import { plainClasses } from './plain.ts';

const formats: readonly string[] = ['csr', 'csc', 'coo', 'bsr', 'dia', 'lil'];

/** scipy 1.5 to 1.17: sparse matrices are plain, under the names of old versions, too. */
export const scipy: readonly Entry[] = [
  ...plainClasses(scipyClasses).map((entry): Entry => {
    const [name = ''] = entry.names;
    // scipy 1.7 and before: `scipy.sparse.csr.csr_matrix`.
    const old = /^scipy\.sparse\._(\w+)\.(\w+_matrix)$/.exec(name);
    if (old === null || !formats.includes(old[1] ?? '')) return entry;
    return { ...entry, names: [name, `scipy.sparse.${old[1] ?? ''}.${old[2] ?? ''}`] };
  }),
  { names: ['scipy._lib.array_api_compat.numpy._aliases.asarray'] },
];
