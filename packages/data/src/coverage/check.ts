import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { coverageSchema } from './options.ts';
import { coverageRules } from './rules.ts';

/** Are there enough rows of everything that the model is for? */
export const coverageCheck: CheckDescription = {
  name: 'data.coverage',
  version: dataVersion,
  title: 'Whether there are enough rows of each slice, and of what a reference has',
  artifacts: ['dataset'],
  options: coverageSchema,
  inputs: ['reference', 'labels', 'referenceLabels'],
  headline: ['slices', 'short', 'least_rows', 'covered'],
  rules: Object.values(coverageRules),
  load: async () => (await import('./coverage-check.ts')).coverageCheckRun,
};
