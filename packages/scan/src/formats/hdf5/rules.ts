import type { ScanRule } from '../../verdict.ts';

const otherFiles = 'do not load it: it makes the reader open other files of the machine; no framework saves a model so';

export const hdf5Rules = {
  externalLink: {
    id: 'scan.hdf5.external-link',
    title: 'a link leads into another file',
    severity: 'high',
    verdict: 'fail',
    fix: otherFiles,
    references: ['CWE-73', 'CWE-610'],
  },
  externalStorage: {
    id: 'scan.hdf5.external-storage',
    title: 'the values of a dataset lie in another file',
    severity: 'high',
    verdict: 'fail',
    fix: otherFiles,
    references: ['CWE-73', 'CWE-610'],
  },
  virtual: {
    id: 'scan.hdf5.virtual-dataset',
    title: 'a virtual dataset is put together from other files',
    severity: 'high',
    verdict: 'fail',
    fix: otherFiles,
    references: ['CWE-73', 'CWE-610'],
  },
  userLink: {
    id: 'scan.hdf5.user-link',
    title: 'a link of a kind that only a plug-in understands',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'ask where it comes from: no framework saves a model so',
    references: ['CWE-829'],
  },
  filter: {
    id: 'scan.hdf5.filter',
    title: 'values are packed by a filter that is a plug-in',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'save it again with the filters of HDF5 itself (h5repack)',
    references: ['CWE-829'],
  },
} as const satisfies Record<string, ScanRule>;
