import type { ScanRule } from '../../verdict.ts';

export const torchPackageRules = {
  code: {
    id: 'scan.torch-package.code',
    title: 'the archive is a package of Python code that importing it runs',
    severity: 'high',
    verdict: 'unknown',
    fix: 'read its code; ask for the weights alone, as safetensors',
    references: ['CWE-94', 'CWE-502'],
  },
} as const satisfies Record<string, ScanRule>;
