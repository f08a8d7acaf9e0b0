import type { ScanRule } from '../../verdict.ts';

export const safetensorsRules = {
  layout: {
    id: 'scan.safetensors.layout',
    title: 'tensors overlap, leave gaps, or do not fill the file',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; export or download it again',
    references: ['CWE-130', 'CWE-1284'],
  },
  duplicate: {
    id: 'scan.safetensors.duplicate',
    title: 'the header names something twice: readers disagree about which one counts',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; no library writes such a header',
    references: ['CWE-436', 'CWE-694'],
  },
} as const satisfies Record<string, ScanRule>;
