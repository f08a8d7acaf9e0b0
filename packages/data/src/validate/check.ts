import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { validateSchema } from './options-schema.ts';
import { validateRules } from './rules.ts';

/** Are the data what they were promised to be? A suite of Great Expectations says what that is. */
export const validateCheck: CheckDescription = {
  name: 'data.validate',
  version: dataVersion,
  title: 'Whether the data are as a suite of expectations says',
  artifacts: ['dataset'],
  options: validateSchema,
  inputs: ['suite', 'other', 'labels'],
  headline: ['expectations', 'met', 'missed', 'unanswered'],
  rules: Object.values(validateRules),
  load: async () => (await import('./validate-check.ts')).validateCheckRun,
};
