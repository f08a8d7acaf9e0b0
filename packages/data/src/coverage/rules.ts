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
  unseen: rule(
    'unseen',
    'medium',
    'Many values are none that the reference has.',
    'Train on such values too, or say that the model is not for them.',
  ),
  fewUnseen: rule(
    'few-unseen',
    'info',
    'Some values are none that the reference has.',
    'Nothing has to be done; what is predicted for them is a guess.',
  ),
  outside: rule(
    'outside',
    'info',
    'Some rows are in no combination of a slice, or in no range.',
    'Nothing has to be done; name the values, or open the ranges, where these rows matter.',
  ),
  infinite: rule(
    'infinite',
    'low',
    'Infinite numbers are not held against the reference.',
    'Find out where they come from; write them as missing where they are no measurements.',
  ),
  distance: rule(
    'distance',
    'info',
    'How far the rows are from those of the reference.',
    'Nothing has to be done; rows far away are predicted by guessing.',
  ),
  identifier: rule(
    'identifier',
    'info',
    'A column tells rows apart, and cannot be covered.',
    'Nothing has to be done; leave it out of what a model learns from.',
  ),
  more: rule('more', 'info', 'The reference does not have a column.', 'Nothing has to be done.'),
  sampled: rule('sampled', 'info', 'A part of the rows stands for all.', 'Nothing has to be done.'),
  rows: boundRule('data.coverage'),
} as const satisfies Record<string, Rule>;
