import type { ScanRule } from '../../verdict.ts';

export const kerasRules = {
  lambda: {
    id: 'scan.keras.lambda',
    title: 'a Lambda layer or function: Python code that runs when the model is loaded or used',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it; ask for the weights, and build the model from source that you can read',
    references: ['CWE-502', 'CWE-94', 'CVE-2024-3660'],
  },
  foreignModel: {
    id: 'scan.keras.foreign-model',
    title: 'a layer that loads another model, which can run code',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it; scan that other model by itself, and put the two together in source that you can read',
    references: ['CWE-502', 'CWE-829'],
  },
  file: {
    id: 'scan.keras.file',
    title: 'a layer reads a file of the machine when the model is loaded',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: a model that Keras saves carries its vocabulary with it',
    references: ['CWE-73', 'CVE-2025-12058'],
  },
  vocabulary: {
    id: 'scan.keras.vocabulary',
    title: 'a layer reads its vocabulary from a file that does not belong to the model',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'save the model again with the vocabulary as a list of words',
    references: ['CWE-73'],
  },
  reaches: {
    id: 'scan.keras.reaches',
    title: 'the configuration names what is no part of a model',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it: a model consists of layers, not of functions of Python or of tools of Keras',
    references: ['CWE-502', 'CWE-470', 'CVE-2025-1550'],
  },
  custom: {
    id: 'scan.keras.custom',
    title: 'a class or function that is not a part of Keras',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'if the class is yours, allow it by its name: `scan: { allow: { callables: [package.module.Class] } }`',
    references: ['CWE-829'],
  },
} as const satisfies Record<string, ScanRule>;
