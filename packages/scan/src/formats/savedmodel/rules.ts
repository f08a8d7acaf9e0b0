import type { ScanRule } from '../../verdict.ts';

export const savedModelRules = {
  effect: {
    id: 'scan.tensorflow.effect',
    title: 'an operation reaches files, the network, Python or the process',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it: a model that only computes has no such operation; ask where it comes from',
    references: ['CWE-829', 'CWE-73'],
  },
  path: {
    id: 'scan.tensorflow.path',
    title: 'a checkpoint or vocabulary is read or written at a path that the model itself names',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not load it: a saved model is told by its loader where it lies',
    references: ['CWE-73', 'CWE-22'],
  },
  unclearPath: {
    id: 'scan.tensorflow.unclear-path',
    title: 'a checkpoint or vocabulary is read or written at a path that cannot be followed to the loader',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'save the model again with the saver of TensorFlow',
    references: ['CWE-73'],
  },
  operation: {
    id: 'scan.tensorflow.operation',
    title: 'an operation that is not on the list of those that only compute',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'if you know what it does, allow it by its name: `scan: { allow: { callables: [tensorflow.Operation] } }`',
    references: ['CWE-829'],
  },
} as const satisfies Record<string, ScanRule>;
