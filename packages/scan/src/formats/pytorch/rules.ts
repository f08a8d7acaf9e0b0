import type { ScanRule } from '../../verdict.ts';

export const pytorchRules = {
  storage: {
    id: 'scan.pytorch.storage',
    title: 'a tensor has more elements than its bytes hold: loading it reads memory behind them',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; download it again, or ask where it comes from',
    references: ['CWE-125', 'CWE-1284'],
  },
  unused: {
    id: 'scan.pytorch.unused',
    title: 'the archive holds bytes that none of its tensors needs',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'load it where nothing can go wrong, and save it again',
    references: ['CWE-506'],
  },
} as const satisfies Record<string, ScanRule>;
