import type { ArchiveKind } from '../zip/archive-kind.ts';

/** What `numpy.savez` writes: every entry is an array, `name.npy`. */
export const npz: ArchiveKind = {
  name: 'npz',
  title: 'NumPy archive',
  extensions: ['npz'],
  carriesCode: true,
  rules: [],
  matches: (names) => names.size > 0 && [...names].every((name) => name.endsWith('.npy')),
  load: async () => (await import('../zip/scan-entries.ts')).scanEntries,
};
