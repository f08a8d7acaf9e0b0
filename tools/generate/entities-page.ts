import type { EntityType } from '@holdfast/recognisers';
import { code, page, table } from './markdown.ts';

const classes: Readonly<Record<string, string>> = {
  pii: 'personal data (GDPR article 4)',
  special: 'special categories and what is a step away from them (GDPR article 9)',
  hipaa: 'one of the 18 identifiers of 45 CFR 164.514(b)(2)(i), with its letter',
  pci: 'cardholder data (PCI DSS 4.0)',
  ccpa: 'personal information (California Civil Code 1798.140)',
  financial: 'an account, a company, a security',
  secret: 'whoever holds it may act as somebody',
};

function classesOf({ classes, hipaa }: EntityType): string {
  return classes.map((name) => (name === 'hipaa' && hipaa !== undefined ? `hipaa ${hipaa}` : name)).join(', ');
}

/** docs/reference/entities.md: everything that `recognisers` knows. */
export function entitiesPage(types: readonly EntityType[]): string {
  const countries = new Set(types.flatMap((type) => type.countries));
  const rows = types.map((type) => [
    code(type.name),
    type.title,
    type.countries.join(' ') || 'any',
    classesOf(type),
    type.checksum ?? '',
    type.forms.map(({ name }) => code(name)).join(' '),
    type.reference,
  ]);
  return page(
    '# Personal data and secrets that are recognised',
    `${types.length} entity types, ${types.filter(({ checksum }) => checksum !== undefined).length} of them with a check, of ` +
      `${countries.size} countries. In forms ${code('#')} is a digit, ${code('A')} a letter, ${code('*')} either, ${code('@')} a digit or a capital letter.`,
    Object.entries(classes)
      .map(([name, words]) => `- **${name}**: ${words}`)
      .join('\n'),
    table(['entity type', 'what', 'countries', 'classes', 'check', 'forms', 'reference'], rows),
  );
}
