import type { ScanRule } from '../../verdict.ts';

export const ggufRules = {
  layout: {
    id: 'scan.gguf.layout',
    title: 'tensors overlap, leave gaps, hide bytes in padding, or do not fill the file',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; convert or download it again',
    references: ['CWE-130', 'CWE-1284'],
  },
  duplicate: {
    id: 'scan.gguf.duplicate',
    title: 'a key or a tensor is there twice: readers disagree about which one counts',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; no library writes such a file',
    references: ['CWE-436', 'CWE-694'],
  },
  length: {
    id: 'scan.gguf.length',
    title: 'a length or a count is more than the file can hold',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: readers that believe such a length write beyond their memory',
    references: ['CWE-130', 'CWE-190', 'CWE-789'],
  },
} as const satisfies Record<string, ScanRule>;
