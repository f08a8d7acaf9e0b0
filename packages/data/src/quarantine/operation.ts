import type { OperationDescription } from '@holdfast/evidence/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { boundRule } from '../database/bound-rule.ts';
import { dataVersion } from '../version.ts';
import { quarantineSchema } from './options.ts';
import { quarantineRules } from './rules.ts';

/** Takes rows that are not trusted out of a data set, and keeps both. */
export const quarantineOperation: OperationDescription = {
  name: 'data.quarantine',
  version: dataVersion,
  title: 'Set rows aside that are not trusted: two data sets, linked by evidence',
  artifacts: ['dataset'],
  options: quarantineSchema,
  inputs: ['suspects', 'labels'],
  outputs: [
    {
      name: 'output',
      summary: 'the rows that are kept: CSV, Parquet or JSON lines, by its ending; of pictures a folder, or npz',
    },
    { name: 'setAside', summary: 'the rows that are set aside' },
  ],
  basis: [predicateTypes.suspectRows],
  headline: ['kept', 'set_aside'],
  rules: [...Object.values(quarantineRules), boundRule('data.quarantine')],
  load: async () => (await import('./quarantine-operation.ts')).quarantineRun,
};
