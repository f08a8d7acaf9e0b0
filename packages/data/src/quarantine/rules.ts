import type { Rule } from '@holdfast/evidence/check';

/** What `data.quarantine` says. */
export const quarantineRules = {
  setAside: {
    id: 'data.quarantine.set-aside',
    title: 'Rows were set aside.',
    severity: 'info',
    fix: 'Train on the rows that are kept; look at the others, and at where they came from.',
    references: ['MITRE ATLAS AML.M0007'],
  },
} as const satisfies Record<string, Rule>;
