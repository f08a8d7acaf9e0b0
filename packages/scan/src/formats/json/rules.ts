import type { ScanRule } from '../../verdict.ts';

export const jsonRules = {
  duplicate: {
    id: 'scan.json.duplicate',
    title: 'a key occurs twice: readers disagree about which one counts',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'keep one of the two',
    references: ['CWE-436', 'CWE-694'],
  },
  number: {
    id: 'scan.json.number',
    title: 'a number that JSON does not know',
    severity: 'info',
    verdict: 'warn',
    fix: 'write null, or a finite number: only Python reads this one',
    references: ['CWE-436'],
  },
  objects: {
    id: 'scan.json.objects',
    title: 'keys from which a deserialiser builds Python objects or calls functions',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not decode it with jsonpickle; use plain JSON',
    references: ['CWE-502', 'AML.T0011', 'LLM03:2025'],
  },
  target: {
    id: 'scan.config.target',
    title: 'a configuration names Python that its loader imports and calls',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'read what it names; allow the file by its digest if that is harmless',
    references: ['CWE-470', 'CWE-829', 'AML.T0011'],
  },
  interpreter: {
    id: 'scan.config.interpreter',
    title: 'a configuration has its loader call what runs code, programs or files',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it: no model is made so',
    references: ['CWE-470', 'CWE-94', 'AML.T0011', 'LLM03:2025'],
  },
  path: {
    id: 'scan.config.path',
    title: 'a configuration names a file or an address elsewhere',
    severity: 'low',
    verdict: 'warn',
    fix: 'name files beside it',
    references: ['CWE-73'],
  },
} as const satisfies Record<string, ScanRule>;

export const huggingFaceRules = {
  autoMap: {
    id: 'scan.huggingface.auto-map',
    title: 'a configuration names Python beside it, which trust_remote_code runs',
    severity: 'high',
    verdict: 'unknown',
    fix: 'load it without trust_remote_code, or read the Python that it names',
    references: ['CWE-829', 'CWE-94', 'AML.T0010', 'LLM03:2025'],
  },
  remoteCode: {
    id: 'scan.huggingface.remote-code',
    title: 'a configuration names Python in another repository, which trust_remote_code downloads and runs',
    severity: 'critical',
    verdict: 'fail',
    fix: 'load it without trust_remote_code: what it would run is not here, and may change at any time',
    references: ['CWE-829', 'CWE-494', 'AML.T0010', 'LLM03:2025'],
  },
  trust: {
    id: 'scan.huggingface.trust',
    title: 'a configuration asks for trust_remote_code by itself',
    severity: 'high',
    verdict: 'unknown',
    fix: 'set it to false: whether code of others runs is for you to say',
    references: ['CWE-829', 'AML.T0010'],
  },
  weights: {
    id: 'scan.weights.path',
    title: 'an index of weights names files outside its folder',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; an index names files that lie beside it',
    references: ['CWE-22', 'CWE-73'],
  },
} as const satisfies Record<string, ScanRule>;
