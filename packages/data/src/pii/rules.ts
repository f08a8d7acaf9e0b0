import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (
  id: string,
  severity: Rule['severity'],
  title: string,
  fix: string,
  references: readonly string[] = [],
): Rule => ({ ...{ id: `data.pii.${id}`, title, severity, fix, references } });

/** What `data.pii` can find. */
export const piiRules = {
  secret: rule(
    'secret',
    'high',
    'A column holds what lets somebody act for another: passwords, keys, tokens.',
    'Revoke them where they count, take them out, and find out how they came in.',
    ['CWE-312'],
  ),
  special: rule(
    'special',
    'high',
    'A column holds data of a special category, or of convictions.',
    'Take it out unless a law or an explicit consent allows it; declare it with `allow` where one does.',
    ['GDPR article 9', 'GDPR article 10'],
  ),
  card: rule(
    'card',
    'high',
    'A column holds data of payment cards.',
    'Take it out, or replace it with tokens: what holds card numbers is within PCI DSS.',
    ['PCI DSS 4.0, requirement 3'],
  ),
  personal: rule(
    'personal',
    'medium',
    'A column holds personal data.',
    'Mask it, take it out, or declare it with `allow`; declare how confidential the data are.',
    ['GDPR article 4(1)', 'CWE-359'],
  ),
  financial: rule(
    'financial',
    'info',
    'A column holds numbers of companies, banks or securities.',
    'Nothing has to be done; one-person businesses have such numbers too.',
  ),
  linked: rule(
    'linked',
    'info',
    'A column holds what may stand for a person in some tables, such as addresses of web pages.',
    'Nothing has to be done unless they lead to people.',
  ),
  declared: rule('declared', 'info', 'Personal data that are declared.', 'Nothing has to be done.'),
  hidden: rule(
    'hidden',
    'info',
    'Cells hold characters that nobody sees, or that turn the order of others around.',
    'Take them out unless the language needs them; they were looked through.',
    ['CWE-1007'],
  ),
  freeText: rule(
    'free-text',
    'info',
    'Names and addresses in free text are not looked for.',
    'Name a classifier of tokens to have them looked for.',
  ),
  rows: boundRule('data.pii'),
} as const satisfies Record<string, Rule>;
