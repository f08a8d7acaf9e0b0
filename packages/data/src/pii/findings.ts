import type { Finding, Rule } from '@holdfast/evidence/check';
import { finding } from '../coverage/finding.ts';
import { type Entity, entities } from './kinds/kinds.ts';
import type { ColumnFound, PersonalData } from './personal-data.ts';
import { piiRules } from './rules.ts';

/** What is allowed and what fails, as the options say it. */
export interface Allowed {
  readonly allow: readonly string[];
  readonly fail: readonly string[];
}

const unknown: Entity = { name: '', title: '', classes: ['pii'], reference: '' };

export const entityOf = ({ name }: { readonly name: string }): Entity => entities.get(name) ?? { ...unknown, name };

/** A title within a sentence: `IPv4 address` stays as it is. */
export const inSentence = (title: string): string =>
  /^\p{Lu}\p{Ll}/u.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;

/** Whether it is about a person, or lets somebody act for one. */
export const isPersonal = ({ classes }: Entity): boolean =>
  classes.some((each) => each === 'pii' || each === 'secret' || each === 'special');

export const isAllowed = ({ name, label }: ColumnFound, { allow }: Allowed): boolean =>
  allow.includes(name) || allow.includes(label);

export function isFailing(found: ColumnFound, allowed: Allowed): boolean {
  const entity = entityOf(found);
  return !isAllowed(found, allowed) && [entity.name, ...entity.classes].some((each) => allowed.fail.includes(each));
}

function ruleOf(found: ColumnFound, allowed: Allowed): Rule {
  const { classes, ...entity } = entityOf(found);
  if (!isPersonal({ classes, ...entity })) return classes.includes('financial') ? piiRules.financial : piiRules.linked;
  if (isAllowed(found, allowed)) return piiRules.declared;
  if (classes.includes('pci')) return piiRules.card;
  if (classes.includes('secret')) return piiRules.secret;
  return classes.includes('special') ? piiRules.special : piiRules.personal;
}

const order = ['critical', 'high', 'medium', 'low', 'info'];

/** A sentence for each kind in each column, the gravest first. No sentence has a value. */
export function piiFindings({ found, hidden, finder }: PersonalData, allowed: Allowed): Finding[] {
  const all = found.map((each) => {
    const rule = ruleOf(each, allowed);
    return finding(isFailing(each, allowed) ? { ...rule, severity: 'high' } : rule, sentence(each), each.label);
  });
  const gravest = all.toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  return [
    ...gravest,
    ...hidden.map(({ label, cells }) =>
      finding(
        piiRules.hidden,
        `\`${label}\`: ${cellsText(cells)} with characters that nobody sees or that turn others around`,
        label,
      ),
    ),
    finderSentence(finder),
  ];
}

function sentence({ label, cells, present, confidence, why, samples, ...found }: ColumnFound): string {
  const { name, title } = entityOf(found);
  const share = present === 0 ? 0 : cells / present;
  const percent =
    cells === present
      ? '100 %'
      : share < 0.001
        ? 'less than 0.1 %'
        : `${Math.min(99.9, Math.round(share * 1000) / 10)} %`;
  const shown = samples.length === 0 ? '' : `; ${samples.map((sample) => `hmac:${sample}`).join(', ')}`;
  return `\`${label}\`: ${inSentence(title)} (${name}) in ${cellsText(cells)} of ${present} (${percent}), confidence ${confidence} by ${why.join(', ')}${shown}`;
}

const cellsText = (cells: number): string => `${cells} ${cells === 1 ? 'cell' : 'cells'}`;

function finderSentence(finder: PersonalData['finder']): Finding {
  if (finder !== undefined) {
    const message = `names and addresses in free text were looked for by \`${finder.name}\` (sha256:${finder.sha256})`;
    return finding(piiRules.freeText, message);
  }
  return finding(piiRules.freeText, 'names and addresses in free text are not looked for: no classifier is given');
}
