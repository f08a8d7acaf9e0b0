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
  missed: {
    id: 'trial.robustness.missed',
    title: 'Other attacks than those of the suite broke rows that it had left.',
    severity: 'low',
    fix: 'Run a stronger suite: `standard`.',
    references: ['arXiv:2003.01690'],
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
  randomised: {
    id: 'trial.robustness.randomised',
    title: 'The model answers the same sample otherwise each time.',
    severity: 'high',
    fix: 'Attack it with the suite `rand`, which averages gradients, and do not trust the robust accuracy of others.',
    references: ['arXiv:2003.01690', 'arXiv:1802.00420', 'AML.T0015'],
  },
  dynamic: {
    id: 'trial.robustness.dynamic',
    title: 'The answer to a sample depends on the samples beside it.',
    severity: 'high',
    fix: 'Export the model as it is used (evaluation mode, fixed statistics); attacks see another model than users do.',
    references: ['arXiv:2003.01690', 'arXiv:2002.08347'],
  },
  operators: {
    id: 'trial.robustness.operators',
    title: 'Operators that draw random numbers, look at the whole batch or learn while they answer.',
    severity: 'medium',
    fix: 'Export the model in evaluation mode; if it has to be so, attack it with the suite `rand` and an attack of its own.',
    references: ['arXiv:2003.01690', 'arXiv:2002.08347'],
  },
  probabilities: {
    id: 'trial.robustness.probabilities',
    title: 'Attacks work with probabilities where they need logits.',
    severity: 'medium',
    fix: 'Export the model without its last softmax or sigmoid: small probabilities round to 0, and so do their gradients.',
    references: ['arXiv:2003.01690'],
  },
  flat: {
    id: 'trial.robustness.flat',
    title: 'Rows whose gradient is 0 where attacks begin.',
    severity: 'low',
    fix: 'Where there are many, look for rounding or saturation in the model, and trust attacks without gradients more.',
    references: ['arXiv:2003.01690', 'arXiv:1802.00420'],
  },
} as const satisfies Record<string, Rule>;
