import type { Entry } from '../entry.ts';
import { scipyClasses, scipySlots } from '../generated/plain-scipy.ts';
import type { Pattern } from '../pattern.ts';
import { plainClasses } from './plain.ts';

const formats: readonly string[] = ['csr', 'csc', 'coo', 'bsr', 'dia', 'lil'];

const slots = new Map<string, readonly string[]>(
  scipySlots
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [module = '', ...classes] = line.split(' ');
      return classes.map((one): [string, readonly string[]] => {
        const [name = '', own = ''] = one.split(':');
        return [`${module}.${name}`, own.split(',')];
      });
    }),
);

/** The state of a class with slots: attributes, and the values of its slots. */
function stateOf(name: string): Pattern {
  const own = slots.get(name);
  if (own === undefined) return 'attributes';
  return { either: ['attributes', { tuple: ['attributes', { dict: [{ text: own }, 'object'] }] }] };
}

/** scipy 1.5 to 1.17: sparse matrices are plain, under the names of old versions, too. */
export const scipy: readonly Entry[] = [
  ...plainClasses(scipyClasses).map((entry): Entry => {
    const [name = ''] = entry.names;
    const state = stateOf(name);
    // scipy 1.7 and before: `scipy.sparse.csr.csr_matrix`.
    const old = /^scipy\.sparse\._(\w+)\.(\w+_matrix)$/.exec(name);
    if (old === null || !formats.includes(old[1] ?? '')) return { ...entry, state };
    return { ...entry, state, names: [name, `scipy.sparse.${old[1] ?? ''}.${old[2] ?? ''}`] };
  }),
  { names: ['scipy._lib.array_api_compat.numpy._aliases.asarray'] },
];
