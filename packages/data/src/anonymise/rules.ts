import type { Rule } from '@holdfast/evidence/check';

const gdpr = 'GDPR recital 26';

/** What `data.anonymise` says. */
export const anonymiseRules = {
  column: {
    id: 'data.anonymise.column',
    title: 'What was done to a column.',
    severity: 'info',
    fix: 'Nothing to do: it is on record with what was written.',
    references: [gdpr],
  },
  suppressed: {
    id: 'data.anonymise.suppressed',
    title: 'Rows were left out, since they were too rare.',
    severity: 'info',
    fix: 'Lower `suppression` to keep more of them, for coarser values.',
    references: [],
  },
  notOptimal: {
    id: 'data.anonymise.not-optimal',
    title: 'The search was cut: another way may lose less.',
    severity: 'low',
    fix: 'Raise `seconds` or `nodes`, or give hierarchies with fewer levels.',
    references: [],
  },
  atRisk: {
    id: 'data.anonymise.at-risk',
    title: 'Rows are recognised more easily than they may be.',
    severity: 'low',
    fix: 'Raise `k` to at least 1 / `risk`.',
    references: ['El Emam, Guide to the De-Identification of Personal Health Information (2013)'],
  },
  population: {
    id: 'data.anonymise.population',
    title: 'The population lacks people of the table.',
    severity: 'low',
    fix: 'Give a table of all people that may be in this one.',
    references: [],
  },
} as const satisfies Record<string, Rule>;
