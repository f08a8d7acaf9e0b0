import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

/** What `data.validate` can find. */
export const validateRules = {
  missed: {
    id: 'data.validate.missed',
    title: 'The data are not as they were promised.',
    severity: 'high',
    fix: 'Mend the data where they come from; or change the expectation, on the record.',
    references: ['CWE-20', 'AML.T0020'],
  },
  unanswered: {
    id: 'data.validate.unanswered',
    title: 'Whether an expectation holds could not be found out.',
    severity: 'medium',
    fix: 'Write the expectation so that it is understood, or take it out of the suite.',
    references: [],
  },
  rows: boundRule('data.validate'),
} as const satisfies Record<string, Rule>;
