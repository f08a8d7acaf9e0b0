import type { CheckDescription } from '@holdfast/evidence/check';
import { version } from '../version.ts';
import { sourceRules } from './source-rules.ts';

export const sourceCheckName = 'data.source';

/**
 * Whether an artifact is what its source promises: the pinned bytes or the signer's, on terms that are allowed, and not
 * kept for too long. Judged where it lies; the source is not asked (`holdfast data watch` does).
 */
export const sourceCheck: CheckDescription = {
  name: sourceCheckName,
  version,
  title: 'Whether an artifact is what its declared source promises: bytes, licence, retention',
  artifacts: ['dataset', 'model', 'image', 'configuration', 'report', 'code'],
  options: {
    type: 'object',
    properties: {
      allow: {
        type: 'array',
        items: { type: 'string' },
        description: 'licences that may be used, as SPDX identifiers (default: any)',
      },
      source: {
        type: 'object',
        description: 'put in from `sources:` of the project; what is written here is not used',
      },
    },
    additionalProperties: false,
  },
  headline: ['bytes'],
  rules: Object.values(sourceRules),
  load: async () => (await import('./source-check-run.ts')).sourceCheckRun,
};
