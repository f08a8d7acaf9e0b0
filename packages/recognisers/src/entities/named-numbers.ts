import type { EntityClass, EntityType } from '../entity-type.ts';
import { pattern } from '../form.ts';

/** What has no form of its own and is found by the words right before it. */
function named(
  name: string,
  title: string,
  words: string,
  { classes, hipaa, reference }: { classes: readonly EntityClass[]; hipaa: string; reference: string },
): EntityType {
  const label = `(?:${words})(?![0-9A-Za-z])(?: (?:number|no\\.?|num|nr\\.?|id|#))?`;
  return {
    name,
    title,
    countries: [],
    classes,
    hipaa,
    reference,
    forms: [
      pattern(`${name} in words`, {
        begins: `(?i:${words})\\b`,
        exact: `(?<![\\p{L}\\p{N}])${label}["']?(?: is)?[ ]{0,2}[:#=]?[ ]{0,2}["']?([A-Z]{0,3}-?[0-9][0-9A-Z-]{3,16}[0-9])(?![\\p{L}\\p{N}])`,
        longest: 96,
        ignoreCase: true,
      }),
    ],
    check: (text) => (text.match(/[0-9]/g)?.length ?? 0) >= 5,
    chance: 0.2,
    context: {},
  };
}

const rule = '45 CFR 164.514(b)(2)(i)';

/** Numbers that only their name tells. */
export const namedNumbers: readonly EntityType[] = [
  named('medical-record-number', 'Medical record number', 'MRN|medical record|patient id|patient record|chart', {
    classes: ['pii', 'special', 'hipaa', 'ccpa'],
    hipaa: 'H',
    reference: rule,
  }),
  named(
    'health-plan-number',
    'Number of a health plan',
    'health plan|member id|policy id|insurance id|insurance policy|versichertennummer',
    {
      classes: ['pii', 'special', 'hipaa', 'ccpa'],
      hipaa: 'I',
      reference: rule,
    },
  ),
  named('account-number', 'Number of an account', 'account|acct|bank account|kontonummer', {
    classes: ['pii', 'hipaa', 'ccpa', 'financial'],
    hipaa: 'J',
    reference: rule,
  }),
  named(
    'driving-licence',
    'Number of a driving licence',
    "driver'?s? licen[cs]e|driving licen[cs]e|führerschein|permis de conduire",
    {
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'K',
      reference: rule,
    },
  ),
  named('device-serial', 'Serial number of a device', 'device serial|serial number|implant serial', {
    classes: ['hipaa'],
    hipaa: 'M',
    reference: rule,
  }),
];
