import type { Rule } from '@holdfast/evidence/check';

/** The rule of a check of this name. */
export const boundRule = (check: string): Rule => ({
  id: `${check}.rows`,
  title: 'The rows of a database that the report is about.',
  severity: 'info',
  fix: 'Nothing: whoever reads these rows again gets the same root, and of others another one.',
  references: [],
});
