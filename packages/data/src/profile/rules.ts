import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (id: string, severity: Rule['severity'], title: string, fix: string): Rule => ({
  ...{ id: `data.profile.${id}`, title, severity, fix },
  references: [],
});

/** Everything that a profile remarks on. A profile describes: none of it makes a table unfit by itself. */
export const profileRules = {
  empty: rule('empty', 'low', 'A column without a value', 'leave the column out, or find out where its values went'),
  constant: rule('constant', 'low', 'A column with one value', 'leave the column out: nothing can be learnt from it'),
  missing: rule(
    'mostly-null',
    'low',
    'A column most of whose values are missing',
    'find out why they are missing; leave the column out, or say what a missing value means',
  ),
  mixed: rule(
    'mixed',
    'low',
    'A column of numbers or dates with some other texts in it',
    'name the texts that stand for a missing value (`missing`), or correct the rows',
  ),
  infinite: rule('infinite', 'low', 'A column with infinite numbers', 'replace what is infinite by a missing value'),
  duplicates: rule(
    'duplicate-rows',
    'low',
    'Rows that are equal to an earlier one',
    'find out whether they are the same thing twice; keep equal rows on one side of a split',
  ),
  imbalanced: rule(
    'imbalanced',
    'info',
    'A category that nearly all rows have',
    'look at the rare values by themselves: an average hides them',
  ),
  cardinality: rule(
    'high-cardinality',
    'info',
    'Very many different texts',
    'group the values, or encode them in another way than one column each',
  ),
  identifier: rule(
    'identifier',
    'info',
    'A column that tells every row apart',
    'do not train on it: a model learns it by heart',
  ),
  zeros: rule('zeros', 'info', 'A column most of whose numbers are zero', 'find out whether 0 stands for missing'),
  skewed: rule('skewed', 'info', 'A few numbers far away from the others', 'take logarithms or ranks'),
  correlated: rule('correlated', 'info', 'Two columns that say nearly the same', 'leave one of the two out'),
  uncorrelated: rule(
    'uncorrelated',
    'info',
    'More columns of numbers than are held against each other',
    'make a file of the columns whose correlations matter',
  ),
  rows: boundRule('data.profile'),
  defect: rule('defect', 'low', 'Something in the file that could not be taken as it stands', 'write the file again'),
} as const;
