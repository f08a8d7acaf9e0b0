import type { Table } from '@holdfast/dataset';
import { DataError } from '../errors.ts';
import type { AnonymiseOptions } from './options.ts';

/** What a column is to somebody who looks for a person. */
export type Role = 'identifying' | 'quasi' | 'sensitive' | 'insensitive';

const roles = ['identifying', 'quasi', 'sensitive', 'insensitive'] as const;

/**
 * The role of each column that has one.
 *
 * @throws DataError HF_DATA_OPTIONS for a column that there is not, or that has two roles
 */
export function rolesOf(
  options: Pick<AnonymiseOptions, Role>,
  { columns }: Pick<Table, 'columns'>,
): ReadonlyMap<string, Role> {
  const found = new Map<string, Role>();
  for (const role of roles) {
    for (const name of options[role]) {
      const shown = `\`${name.slice(0, 200)}\``;
      if (!columns.some((column) => column.name === name))
        refuse(role, `there is no column ${shown}, which \`${role}\` names`);
      if (found.has(name)) refuse(role, `the column ${shown} has two roles`);
      found.set(name, role);
    }
  }
  return found;
}

function refuse(where: string, message: string): never {
  throw new DataError('HF_DATA_OPTIONS', message, { where });
}

/** Words of kinds that name one person, whatever else they say: a health insurance number, a postal address, a fingerprint. */
const own =
  /\b(name|number|account|card|passport|licen[cs]e|identifier|id|key|token|address|phone|email|handle|url|biometric|photograph)\b/;

/** Kinds of personal data that say something of many people: together they tell one apart. What anybody sees or knows is among them. */
const shared =
  /\b(age|birth|born|sex|gender|race|ethnic|ethnicity|care|admission|discharge|zip|postal|postcode|city|town|region|state|county|country|place|nationality|language|marital|education|occupation|profession|job|employer|school|vehicle|date|year|latitude|longitude|coordinates?|location|height|weight|eye|hair)\b/;

/** Kinds that a person would not want to be told of. */
const secret =
  /\b(health|icd|disease|diagnosis|condition|medical|medication|drug|disability|blood|genetic|religion|belief|political|party|union|sexual|orientation|criminal|offen[cs]e|conviction|income|salary|wage|wealth|debt|score)\b/;

/**
 * Roles for the columns in which personal data were found, to be looked at by somebody who knows the data: what names one person is
 * identifying, what many share is a quasi-identifier, what is nobody's business is sensitive. Of several kinds the first of these counts.
 * Race is a special category (GDPR, article 9) and a quasi-identifier: a sensitive column is kept as it is, and whoever meets somebody
 * sees it, so that it is the latter here.
 *
 * @param kinds by column, the kinds of personal data that `data.pii` found in it, such as `email` or `date-of-birth`
 */
export function suggestedRoles(kinds: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, Role>> {
  const role = (kind: string): Role => {
    const words = kind.toLowerCase().replaceAll(/[^a-z]+/g, ' ');
    if (own.test(words)) return 'identifying';
    // "sexual orientation" is nobody's business, whatever sex is
    return secret.test(words) ? 'sensitive' : shared.test(words) ? 'quasi' : 'identifying';
  };
  return Object.fromEntries(
    Object.entries(kinds).map(([column, found]) => {
      const all = new Set(found.map(role));
      return [column, roles.find((each) => all.has(each)) ?? 'insensitive'];
    }),
  );
}
