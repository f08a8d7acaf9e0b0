import type { CheckDescription } from '@holdfast/evidence/check';
import { allRules } from './all-rules.ts';
import { allowlistDigest } from './callables/generated/allowlist-digest.ts';
import { scannerVersion } from './version.ts';

/**
 * The scan as a check: is everything in every file understood, and everything that it would call on an allowlist?
 *
 * The version names all that a verdict rests on beside the bytes and the options: the scanner, and the SHA-256 of the
 * allowlist that comes with it. A report by another version is no current one, so a change of the list scans again.
 */
export const scanCheck: CheckDescription = {
  name: 'scan',
  version: `${scannerVersion}+allowlist.${allowlistDigest}`,
  title: 'Everything in the files is understood, and nothing in them calls what is on no allowlist',
  artifacts: ['model', 'dataset', 'code'],
  options: {
    type: 'object',
    properties: {
      allow: {
        type: 'array',
        description:
          'what is allowed beside what Holdfast knows: `{ callable: package.module.Class }` or `{ sha256: DIGEST }`, each with a `reason`; `scan.allow` of holdfast.yaml is added to it',
        items: {
          type: 'object',
          properties: {
            callable: { type: 'string' },
            sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            reason: { type: 'string' },
          },
          additionalProperties: false,
        },
        default: [],
      },
    },
    additionalProperties: false,
  },
  rules: allRules,
  load: async () => (await import('./scan-check.ts')).scanCheckRun,
};
