import type { ScanRule } from '../../verdict.ts';

export const codeRules = {
  beside: {
    id: 'scan.code.beside',
    title: 'code lies beside the weights',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'read it before anything runs it; allow it by its digest, or leave it out',
    references: ['CWE-829', 'AML.T0010'],
  },
  executable: {
    id: 'scan.code.executable',
    title: 'a program or a library of machine code',
    severity: 'high',
    verdict: 'unknown',
    fix: 'leave it out, or allow it by its digest: a model needs none',
    references: ['CWE-829', 'AML.T0010'],
  },
} as const satisfies Record<string, ScanRule>;
