import type { Rule } from '@holdfast/evidence/check';

/** What the check `data.source` says of where an artifact comes from. */
export const sourceRules = {
  origin: {
    id: 'data.source.origin',
    title: 'Where the bytes came from, and how the server proved who it is.',
    severity: 'info',
    fix: 'Nothing: it is here so that it can be looked up.',
    references: ['AML.T0010'],
  },
  terms: {
    id: 'data.source.terms',
    title: 'Licence, consent, and how long the data may be kept.',
    severity: 'info',
    fix: 'Declare under `sources:` what is missing.',
    references: [],
  },
  digest: {
    id: 'data.source.digest',
    title: 'The bytes are not those that the source pins.',
    severity: 'critical',
    fix: 'Fetch them again; if the source really changed, review the change and pin the new digest.',
    references: ['CWE-494', 'AML.T0020'],
  },
  signature: {
    id: 'data.source.signature',
    title: 'The bytes are not signed by the signer of the source.',
    severity: 'critical',
    fix: 'Fetch bytes and signature again; do not use the data.',
    references: ['CWE-347', 'AML.T0020'],
  },
  unpinned: {
    id: 'data.source.unpinned',
    title: 'Nothing says which bytes are expected.',
    severity: 'medium',
    fix: 'Pin the digest that the finding names: `sha256` of the source.',
    references: ['CWE-494', 'AML.T0010'],
  },
  licence: {
    id: 'data.source.licence',
    title: 'The licence is none of those that may be used, or is not declared.',
    severity: 'high',
    fix: 'Ask whether the data may be used; then add its licence to `allow`, or take other data.',
    references: [],
  },
  retention: {
    id: 'data.source.retention',
    title: 'The data had to be deleted by now.',
    severity: 'high',
    fix: 'Delete the data and what was made from it, or agree on a longer retention.',
    references: ['GDPR-5.1.e'],
  },
  changed: {
    id: 'data.source.changed',
    title: 'The source gives other bytes than before.',
    severity: 'high',
    fix: 'Look at the bytes in quarantine; pin their digest only if the change is meant.',
    references: ['AML.T0020'],
  },
} as const satisfies Record<string, Rule>;
