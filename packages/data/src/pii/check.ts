import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { piiSchema } from './options.ts';
import { piiRules } from './rules.ts';

/** Whose data is it? */
export const piiCheck: CheckDescription = {
  name: 'data.pii',
  version: dataVersion,
  title: 'Personal data and secrets in the columns of a table, without showing one',
  artifacts: ['dataset'],
  options: piiSchema,
  inputs: ['labels', 'sampleKey', 'classifier'],
  headline: ['personal_columns', 'kinds', 'personal_cells', 'secret_columns'],
  rules: Object.values(piiRules),
  load: async () => (await import('./pii-check.ts')).piiCheckRun,
};
