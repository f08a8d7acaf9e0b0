import type { ScanRule } from '../../verdict.ts';

export const torchscriptRules = {
  file: {
    id: 'scan.torchscript.file',
    title: 'the code of the model reads or writes files',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it; ask where it comes from',
    references: ['CWE-73', 'CWE-94'],
  },
  operator: {
    id: 'scan.torchscript.operator',
    title: 'the code of the model does something that is on no list of what is harmless',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'read its code; ask for the weights alone, as safetensors',
    references: ['CWE-94'],
  },
} as const satisfies Record<string, ScanRule>;
