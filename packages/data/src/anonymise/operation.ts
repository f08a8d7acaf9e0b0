import type { OperationDescription } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';
import { dataVersion } from '../version.ts';
import { anonymiseSchema } from './options.ts';
import { anonymiseRules } from './rules.ts';

/** Generalises a table until nobody in it stands out, and loses as little as can be. */
export const anonymiseOperation: OperationDescription = {
  name: 'data.anonymise',
  version: dataVersion,
  title: 'Generalise a table until nobody stands out (k, l, t), with the least loss, and say what risk is left',
  artifacts: ['dataset'],
  options: anonymiseSchema,
  inputs: ['labels', 'hierarchies', 'population'],
  outputs: [{ name: 'output', summary: 'the anonymised table: CSV, Parquet or JSON lines, by its ending' }],
  headline: ['smallest_class', 'suppressed', 'lost', 'highest_risk_before', 'highest_risk'],
  rules: [...Object.values(anonymiseRules), boundRule('data.anonymise')],
  load: async () => (await import('./anonymise-operation.ts')).anonymiseRun,
};
