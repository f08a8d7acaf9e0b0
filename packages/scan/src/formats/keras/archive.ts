import { hdf5Rules } from '../hdf5/rules.ts';
import type { ArchiveKind } from '../zip/archive-kind.ts';
import { kerasRules } from './rules.ts';

/** Keras v3 (keras/src/saving/saving_lib.py): a configuration, metadata and weights in a zip. */
export const kerasArchive: ArchiveKind = {
  name: 'keras',
  title: 'Keras model',
  extensions: ['keras'],
  carriesCode: true,
  rules: [...Object.values(kerasRules), ...Object.values(hdf5Rules)],
  matches: (names) => names.has('config.json') && (names.has('metadata.json') || names.has('model.weights.h5')),
  load: async () => (await import('./scan-archive.ts')).scanKerasArchive,
};
