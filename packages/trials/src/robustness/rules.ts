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
  weakClass: {
    id: 'trial.robustness.class',
    title: 'One class withstands far less than the others.',
    severity: 'low',
    fix: 'Look at the samples of this class; train with more of them.',
    references: ['AML.T0015'],
  },
  columns: {
    id: 'trial.robustness.columns',
    title: 'Which columns of a table attacks change.',
    severity: 'info',
    fix: 'Ask whether these columns can be checked when a row is submitted, or do without them.',
    references: ['AML.T0015'],
  },
  rows: {
    id: 'trial.robustness.rows',
    title: 'A row that somebody could submit, and that misleads the model.',
    severity: 'info',
    fix: 'Look at the row: is it plausible, and is the answer wrong?',
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
