import type { Rule } from '@holdfast/evidence/check';

/** What `data.mask` may say of what it did. */
export const maskRules = {
  failed: {
    id: 'data.mask.failed-cells',
    title: 'Cells that could not be transformed, and are empty now.',
    severity: 'medium',
    fix: 'Choose a method that fits them, or repair them before; `onFailure: fail` stops instead.',
    references: [],
  },
  unchanged: {
    id: 'data.mask.unchanged-cells',
    title: 'Cells that came out as they went in.',
    severity: 'high',
    fix: 'Look whether they were masked before, or whether the method says too little: a hierarchy that names a value as itself.',
    references: ['CWE-359'],
  },
  unplaced: {
    id: 'data.mask.unplaced',
    title: 'A report names places that the table does not have.',
    severity: 'medium',
    fix: 'Run `holdfast data pii` on this very file, with the same options.',
    references: [],
  },
  apart: {
    id: 'data.mask.tells-apart',
    title: 'A column in which no personal data were found, and of which nearly every row has a value for itself.',
    severity: 'info',
    fix: 'Look what it is: it is hashed unless you say `keep`, because what is different in every row may stand for one person.',
    references: ['CWE-359'],
  },
  key: {
    id: 'data.mask.key',
    title: 'The id of the key that was used.',
    severity: 'info',
    fix: 'Outputs with the same one can be joined; write it as `keyId` into the plan before `holdfast data unmask`.',
    references: [],
  },
  seeded: {
    id: 'data.mask.seeded-noise',
    title: 'Noise that whoever has the plan can take away.',
    severity: 'medium',
    fix: 'Leave `seed` out of the plan where the output is given to somebody.',
    references: ['CWE-335'],
  },
  guessable: {
    id: 'data.mask.no-guarantee',
    title: 'Noise without a bound on what it may hide.',
    severity: 'info',
    fix: 'Say `least` and `greatest`, with the Laplace distribution: without them it is no differential privacy.',
    references: ['doi:10.1145/2382196.2382264'],
  },
} as const satisfies Record<string, Rule>;
