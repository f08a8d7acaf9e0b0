import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { ProfileAbout } from '../../profile/about.ts';

/** What a page is made of: the report of `data.coverage`, as it is signed. */
export type CoverageReport = Pick<
  CheckPredicate,
  'check' | 'inputs' | 'verdict' | 'metrics' | 'findings' | 'coverage' | 'figures'
>;

/** What a report does not know of its data set. */
export type PageAbout = Pick<ProfileAbout, 'name' | 'description' | 'digest' | 'classification'>;
