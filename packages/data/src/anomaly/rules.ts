import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

/** What may be odd about the rows and columns of a table. */
export const anomalyRules = {
  duplicates: {
    id: 'data.anomaly.duplicates',
    title: 'Rows that are the same in every compared column.',
    severity: 'medium',
    fix: 'Take all but one of them out, or say with `maxDuplicates` how large a share is expected.',
    references: ['CWE-694'],
  },
  nearDuplicates: {
    id: 'data.anomaly.near-duplicates',
    title: 'Texts or rows that are nearly the same.',
    severity: 'low',
    fix: 'Keep one of each, and never one in training and another in the test; or say `maxNearDuplicates`.',
    references: ['arXiv:2107.06499'],
  },
  identifier: {
    id: 'data.anomaly.identifier',
    title: 'A column that tells rows apart and nothing else.',
    severity: 'low',
    fix: 'Do not give it to a model, which would learn rows by heart.',
    references: [],
  },
  constant: {
    id: 'data.anomaly.constant',
    title: 'A column with one value, or none.',
    severity: 'low',
    fix: 'Leave it out, or find out why it never changes.',
    references: [],
  },
  leakage: {
    id: 'data.anomaly.leakage',
    title: 'Rows of this table that stand in the other one, too.',
    severity: 'high',
    fix: 'Take them out of one of the two: what a model was trained with tells nothing about how good it is.',
    references: ['doi:10.1145/2382577.2382579'],
  },
  nearLeakage: {
    id: 'data.anomaly.near-leakage',
    title: 'Rows of this table that stand in the other one nearly the same.',
    severity: 'medium',
    fix: 'Look at some of them: are they the same thing? Then they belong on one side.',
    references: ['doi:10.1145/2382577.2382579', 'arXiv:2107.06499'],
  },
  targetLeak: {
    id: 'data.anomaly.target-leak',
    title: 'A column that alone tells the label.',
    severity: 'high',
    fix: 'Ask whether it is known when the model is asked; if it is written down after the fact, leave it out.',
    references: ['doi:10.1145/2382577.2382579'],
  },
  labelConflict: {
    id: 'data.anomaly.label-conflict',
    title: 'Rows that differ in nothing but the label.',
    severity: 'medium',
    fix: 'Find out which label is right; where both can be, no model can be surer than they are mixed.',
    references: ['arXiv:2103.14749'],
  },
  range: {
    id: 'data.anomaly.range',
    title: 'Values beyond what is known or usual.',
    severity: 'low',
    fix: 'Look at the rows: a slip of the pen, another unit, or something that the reference has not seen.',
    references: ['CWE-1284'],
  },
  outlier: {
    id: 'data.anomaly.outlier',
    title: 'Rows that lie far from the others, or from the reference.',
    severity: 'info',
    fix: 'Look at the rows that are named, the first ones first.',
    references: ['arXiv:2201.00382'],
  },
  rows: boundRule('data.anomaly'),
} as const satisfies Record<string, Rule>;

export type AnomalyRule = keyof typeof anomalyRules;
