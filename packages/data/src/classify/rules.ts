import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (
  id: string,
  severity: Rule['severity'],
  title: string,
  fix: string,
  references: readonly string[] = [],
): Rule => ({
  ...{ id: `data.classify.${id}`, title, severity, fix, references },
});

/** What `data.classify` can find. */
export const classifyRules = {
  underDeclared: rule(
    'under-declared',
    'high',
    'The data are more confidential than `holdfast.yaml` says.',
    'Raise `classification` of the artifact, or take out what makes it so.',
    ['CWE-359'],
  ),
  undeclared: rule(
    'undeclared',
    'medium',
    'The data are confidential, and `holdfast.yaml` does not say so.',
    'Write `classification` beside the artifact, so that reading it leaves evidence and its stages are confined.',
  ),
  because: rule('because', 'info', 'What makes the data as confidential as they are.', 'Nothing has to be done.', [
    'GDPR articles 4, 9 and 10',
    '45 CFR 164.514(b)(2)',
    'PCI DSS 4.0.1, requirement 3',
    'Cal. Civ. Code 1798.140',
  ]),
  regime: rule('regime', 'info', 'A law or a standard that the data fall under.', 'Nothing has to be done.'),
  decided: rule(
    'decided',
    'info',
    'A rule says how confidential something is.',
    'Nothing has to be done; who lowers it answers for it.',
  ),
  freeText: rule(
    'free-text',
    'info',
    'Names and addresses in free text are not looked for.',
    'Name a classifier of tokens to have them looked for.',
  ),
  rows: boundRule('data.classify'),
} as const satisfies Record<string, Rule>;
