import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { poisonSchema } from './options.ts';
import { poisonRules } from './rules.ts';

/** Has somebody planted something? */
export const poisonCheck: CheckDescription = {
  name: 'data.poison',
  version: dataVersion,
  title: 'Whether somebody has planted something: flipped labels, triggers, sources that mislead',
  artifacts: ['dataset'],
  options: poisonSchema,
  inputs: ['labels', 'model'],
  headline: ['suspects', 'triggers', 'poisoned_share'],
  rules: Object.values(poisonRules),
  load: async () => (await import('./poison-check.ts')).poisonCheckRun,
};
