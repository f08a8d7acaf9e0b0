import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { classifySchema } from './options.ts';
import { classifyRules } from './rules.ts';

/** How confidential is it? */
export const classifyCheck: CheckDescription = {
  name: 'data.classify',
  version: dataVersion,
  title: 'How confidential a table is, and by which law: public, internal, confidential or restricted',
  artifacts: ['dataset'],
  options: classifySchema,
  inputs: ['labels', 'sampleKey', 'classifier'],
  headline: ['class', 'gdpr_special_columns', 'hipaa_identifiers', 'pci_columns'],
  rules: Object.values(classifyRules),
  load: async () => (await import('./classify-check.ts')).classifyCheckRun,
};
