import type { Format } from '../../format.ts';
import { kerasRules } from '../keras/rules.ts';
import { hdf5Rules } from './rules.ts';
import { superblockOffset } from './superblock.ts';

/** HDF5 File Format Specification 3.0: Keras's weights, and its models up to version 2. */
export const hdf5: Format = {
  name: 'hdf5',
  title: 'HDF5',
  extensions: ['h5', 'hdf5', 'hdf'],
  carriesCode: true,
  rules: [...Object.values(hdf5Rules), ...Object.values(kerasRules)],
  recognise: (source) => (superblockOffset(source) === undefined ? undefined : 'certain'),
  load: async () => (await import('./scan.ts')).scanHdf5,
};
