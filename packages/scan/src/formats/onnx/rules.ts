import type { ScanRule } from '../../verdict.ts';

export const onnxRules = {
  externalPath: {
    id: 'scan.onnx.external-path',
    title: 'weights are asked for outside the folder of the model',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it: it makes a runtime read other files of the machine',
    references: ['CWE-22', 'CVE-2022-25882', 'CVE-2024-27318', 'CVE-2024-5187'],
  },
  size: {
    id: 'scan.onnx.size',
    title: 'a tensor has more or fewer bytes than its dimensions say',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: a runtime could read beyond its end; export or download it again',
    references: ['CWE-125', 'CWE-1284'],
  },
  ambiguous: {
    id: 'scan.onnx.ambiguous',
    title: 'two things have the same name: readers do not agree on which one counts',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; export or download it again',
    references: ['CWE-436', 'CWE-694'],
  },
  overlap: {
    id: 'scan.onnx.overlap',
    title: 'weights in another file overlap',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; export or download it again',
    references: ['CWE-1284'],
  },
  operator: {
    id: 'scan.onnx.operator',
    title: 'an operator that neither ONNX nor ONNX Runtime defines: it needs code that somebody else brings',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'if the library with this operator is yours, allow it by its name: `scan: { allow: { callables: [DOMAIN.Operator] } }`',
    references: ['CWE-829'],
  },
} as const satisfies Record<string, ScanRule>;
