import type { Rule } from '@holdfast/evidence/check';

/** What a robustness trial can find. How robust is robust enough is for a policy to say. */
export const robustnessRules = {
  data: {
    id: 'trial.robustness.data',
    title: 'The samples that the trial was made with.',
    severity: 'info',
    fix: 'Nothing: it is here so that the trial can be repeated.',
    references: [],
  },
  masking: {
    id: 'trial.robustness.masking',
    title: 'Signs that gradients mislead: the model may only look robust.',
    severity: 'high',
    fix: 'Do not trust the robust accuracy; look for rounding, saturation or randomness in the model.',
    references: ['arXiv:1802.00420', 'AML.T0015'],
  },
  blind: {
    id: 'trial.robustness.blind',
    title: 'Only attacks without a gradient could be tried.',
    severity: 'medium',
    fix: 'Export the model with operators that have a gradient, and run the trial again.',
    references: ['AML.T0015'],
  },
  weakClass: {
    id: 'trial.robustness.class',
    title: 'One class withstands far less than the others.',
    severity: 'low',
    fix: 'Look at the samples of this class; train with more of them.',
    references: ['AML.T0015'],
  },
  numbers: {
    id: 'trial.robustness.numbers',
    title: 'The model gives NaN.',
    severity: 'high',
    fix: 'Look at the samples that are named; a model must give a number for every input within its range.',
    references: ['CWE-682'],
  },
} as const satisfies Record<string, Rule>;
