import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (id: string, severity: Rule['severity'], title: string, fix: string): Rule => ({
  ...{ id: `data.drift.${id}`, title, severity, fix },
  references: [],
});

const learn = 'Find out what changed where the data come from; then train on data that are like these, or mend these.';

/** What `data.drift` can find. */
export const driftRules = {
  drifted: {
    ...rule('drifted', 'high', 'The values of a column are no longer distributed as they were.', learn),
    references: ['AML.T0020'],
  },
  missing: rule(
    'missing',
    'high',
    'A column lacks values more or less often than it did.',
    'Look whether a source is down or a field was renamed; say what a missing value means.',
  ),
  joint: rule(
    'joint',
    'high',
    'Rows as a whole can be told from those of the reference.',
    'Look at the columns that changed; where none did, at how columns go together.',
  ),
  vanished: rule('vanished', 'high', 'A column of the reference is gone.', 'Bring it back, or train without it.'),
  type: rule(
    'type',
    'high',
    'A column holds another kind of values than it did.',
    'Look at the values that do not fit; name the texts that stand for a missing one (`missing`).',
  ),
  appeared: rule('appeared', 'medium', 'A column is new.', 'Leave it out, or take it into the reference.'),
  categories: rule(
    'categories',
    'low',
    'There are values that the reference does not have, or it has some that are gone.',
    'Look whether they are spelt in another way; train on data that have them.',
  ),
  small: rule(
    'small',
    'low',
    'A change that is no accident but smaller than what was asked for.',
    'Watch whether it grows.',
  ),
  tiny: rule('tiny', 'info', 'A change that only so many rows make visible.', 'Nothing has to be done.'),
  few: rule(
    'few-rows',
    'medium',
    'There are too few rows to see a change.',
    'Compare more rows: with so few, only the largest changes are told from chance.',
  ),
  sampled: rule('sampled', 'info', 'A part of the rows stands for all.', 'Raise `maxRows` where more is wanted.'),
  stale: rule(
    'nothing-to-compare',
    'medium',
    'The two tables have no column in common.',
    'Look whether the right reference was named, and whether the first line holds the names (`names`).',
  ),
  rows: boundRule('data.drift'),
} as const satisfies Record<string, Rule>;
