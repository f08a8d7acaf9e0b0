import type { Check, EntityClass, EntityType } from '../entity-type.ts';
import { type Form, layout } from '../form.ts';

/** What differs between the numbers that countries give to people and companies. */
export interface Numbered {
  readonly name: string;
  readonly title: string;
  readonly country: string | readonly string[];
  readonly reference: string;
  /** Layouts; one that hardly anything else has is given as a form. */
  readonly forms: readonly (string | Form)[];
  readonly checksum?: string;
  readonly check?: Check;
  readonly chance: number;
  readonly context: EntityType['context'];
}

function entityOf(numbered: Numbered, classes: readonly EntityClass[], hipaa: string | undefined): EntityType {
  const { country, forms, ...rest } = numbered;
  return {
    ...rest,
    countries: typeof country === 'string' ? [country] : country,
    forms: forms.map((form) => (typeof form === 'string' ? layout(form) : form)),
    classes,
    ...(hipaa === undefined ? {} : { hipaa }),
  };
}

/** A number that the state has for a person: social security, tax, identity. */
export function personalNumber(numbered: Numbered): EntityType {
  return entityOf(numbered, ['pii', 'hipaa', 'ccpa'], numbered.country === 'US' ? 'G' : 'R');
}

/** A number under which health care knows a person: data concerning health are not far (GDPR, recital 35). */
export function healthNumber(numbered: Numbered): EntityType {
  return entityOf(numbered, ['pii', 'special', 'hipaa', 'ccpa'], 'I');
}

/** A number of a profession or of a document: not of everybody. */
export function licenceNumber(numbered: Numbered): EntityType {
  return entityOf(numbered, ['pii', 'hipaa', 'ccpa'], 'K');
}

/** A number of a company, which may be one person. */
export function companyNumber(numbered: Numbered): EntityType {
  return entityOf(numbered, ['financial'], undefined);
}
