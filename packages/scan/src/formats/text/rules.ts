import type { ScanRule } from '../../verdict.ts';

export const textRules = {
  yamlTag: {
    id: 'scan.yaml.tag',
    title: 'YAML with a tag of its own: a loader may build objects from it',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'load it with a safe loader only; allow the file by its digest if its tags are yours',
    references: ['CWE-502'],
  },
  yamlObject: {
    id: 'scan.yaml.object',
    title: 'YAML that has its loader build Python objects or call functions',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it; no configuration needs it',
    references: ['CWE-502', 'CWE-94', 'AML.T0011', 'LLM03:2025'],
  },
  yamlBomb: {
    id: 'scan.yaml.bomb',
    title: 'YAML whose aliases multiply',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: it grows beyond memory',
    references: ['CWE-776', 'CWE-400'],
  },
} as const satisfies Record<string, ScanRule>;
