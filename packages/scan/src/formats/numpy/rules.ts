import type { ScanRule } from '../../verdict.ts';

export const numpyRules = {
  length: {
    id: 'scan.numpy.length',
    title: 'the data are more or fewer than the header says',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; export or download it again',
    references: ['CWE-130'],
  },
} as const satisfies Record<string, ScanRule>;
