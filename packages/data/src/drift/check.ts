import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { driftSchema } from './options.ts';
import { driftRules } from './rules.ts';

/** Are the data still what they were? A reference, most often what the model was trained on, says what that is. */
export const driftCheck: CheckDescription = {
  name: 'data.drift',
  version: dataVersion,
  title: 'Whether the data are still distributed as those of a reference',
  artifacts: ['dataset'],
  options: driftSchema,
  inputs: ['reference', 'labels', 'referenceLabels'],
  headline: ['compared', 'drifted', 'missing_changed', 'auc'],
  rules: Object.values(driftRules),
  load: async () => (await import('./drift-check.ts')).driftCheckRun,
};
