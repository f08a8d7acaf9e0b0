import { headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';

const signature = Buffer.from('377abcaf271c', 'hex');

/** Known by its signature, and never understood: loaders of models do not read it, and what it holds cannot be told. */
export const sevenZip: Format = {
  name: '7z',
  title: '7z archive',
  extensions: ['7z'],
  carriesCode: true,
  rules: [],
  recognise: (source) => (signature.equals(headOf(source, signature.length)) ? 'certain' : undefined),
  load: () =>
    Promise.resolve((part) => {
      part.leave('a 7z archive: it is not opened here', { fix: 'unpack it, and scan what was in it' });
    }),
};
