import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (id: string, severity: Rule['severity'], title: string, fix: string): Rule => ({
  ...{ id: `data.coverage.${id}`, title, severity, fix },
  references: [],
});

/** What `data.coverage` can find. */
export const coverageRules = {
  slice: rule(
    'slice',
    'high',
    'There are fewer rows of a slice than there have to be.',
    'Collect more of it; until then say that the model is not tested on it.',
  ),
  combination: rule(
    'combination',
    'high',
    'There are fewer rows of a combination of values than there have to be.',
    'Collect more of it, or name the combinations that matter (`where`).',
  ),
  range: rule(
    'range',
    'high',
    'A range of a column of numbers has too few rows.',
    'Collect rows in it, or narrow what the model is for.',
  ),
  uncovered: rule(
    'uncovered',
    'high',
    'Values that the reference has are not covered.',
    'Draw the evaluation set from the same source as the training data.',
  ),
  distance: rule(
    'distance',
    'info',
    'How far the rows are from those of the reference.',
    'Nothing has to be done; rows far away are predicted by guessing.',
  ),
  sampled: rule('sampled', 'info', 'A part of the rows stands for all.', 'Nothing has to be done.'),
  rows: boundRule('data.coverage'),
} as const satisfies Record<string, Rule>;
