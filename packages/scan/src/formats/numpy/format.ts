import type { Format } from '../../format.ts';
import { effectRules, pickleRules } from '../pickle/rules.ts';
import { numpyRules } from './rules.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy's `.npy`: one array, of numbers or of pickled objects. */
export const numpy: Format = {
  name: 'npy',
  title: 'NumPy array',
  extensions: ['npy'],
  carriesCode: true,
  rules: [...Object.values(numpyRules), ...Object.values(effectRules), ...Object.values(pickleRules)],
  recognise: (source) => {
    if (source.size < 10) return undefined;
    const head = source.read(0, magic.length);
    return magic.every((byte, at) => head[at] === byte) ? 'certain' : undefined;
  },
  load: async () => (await import('./scan.ts')).scanNumpy,
};
