import type { CheckDescription } from '@holdfast/evidence/check';
import { profileSchema } from './profile/options.ts';
import { profileRules } from './profile/rules.ts';
import { dataVersion } from './version.ts';

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
  headline: ['rows', 'columns', 'missing_share', 'duplicate_rows'],
  rules: Object.values(profileRules),
  load: async () => (await import('./profile/profile-check.ts')).profileCheckRun,
};

/** Every check of data; descriptions only, so that nothing heavy is loaded. */
export const dataChecks: readonly CheckDescription[] = [profileCheck];
