import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { profileSchema } from './options.ts';
import { profileRules } from './rules.ts';

/**
 * The profile of a table as a check. It describes and does not judge: it passes when everything was read, whatever the
 * values are; what is odd about them are remarks.
 */
export const profileCheck: CheckDescription = {
  name: 'data.profile',
  version: dataVersion,
  title: 'What a table holds: types, meanings, missing and most frequent values, distributions, correlations',
  artifacts: ['dataset'],
  options: profileSchema,
  inputs: ['labels'],
  headline: ['rows', 'columns', 'missing_share', 'duplicate_rows'],
  rules: Object.values(profileRules),
  load: async () => (await import('./profile-check.ts')).profileCheckRun,
};
