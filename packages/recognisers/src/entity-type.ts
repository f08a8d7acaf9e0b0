import type { Form } from './form.ts';

/**
 * What follows from finding one: `pii` personal data (GDPR article 4), `special` one of GDPR article 9 or a step away from
 * it, `hipaa` one of the 18 identifiers of 45 CFR 164.514(b)(2), `pci` cardholder data (PCI DSS 4.0), `ccpa` sensitive
 * personal information (California Civil Code 1798.140(ae)), `financial` an account or a security, `secret` whoever holds it
 * may act as somebody.
 */
export type EntityClass = 'pii' | 'special' | 'hipaa' | 'pci' | 'ccpa' | 'financial' | 'secret';

/** A check of what stands there: `compact` is upper case without separators for layouts, and as it is written for other forms. */
export type Check = (compact: string) => boolean;

/** Something that text can hold: how it is written, how it is checked, what words go with it. */
export interface EntityType {
  readonly name: string;
  readonly title: string;
  /** ISO 3166-1 alpha-2 of where it is issued; none where it is international. */
  readonly countries: readonly string[];
  readonly classes: readonly EntityClass[];
  /** Which of the 18 identifiers of 45 CFR 164.514(b)(2)(i), as its letter. */
  readonly hipaa?: string;
  /** The standard, or the page of whoever issues it. */
  readonly reference: string;
  readonly forms: readonly Form[];
  /** The name of the check, where there is one beyond the form. */
  readonly checksum?: string;
  readonly check?: Check;
  /** The share of other texts of the same form that pass the check; 1 where there is none. */
  readonly chance: number;
  /** How many times more common it is than other things that are written alike; 1 when left out. */
  readonly prevalence?: number;
  /** Words that go with it, by language. They may stand in one another's place, whatever the language of the text. */
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** Found beside what stands in it: a URL does not hide an address in its query. */
  readonly container?: true;
  /** Never reported: it only keeps others from being found in it, as a UUID does. */
  readonly decoy?: true;
}
