import type { Entity } from '../pii/kinds/kinds.ts';

/** What a law or a standard calls something. */
export interface Named {
  readonly regime: 'GDPR' | 'HIPAA' | 'PCI DSS' | 'CCPA';
  /** Where it is written. */
  readonly source: string;
  readonly title: string;
}

/** 45 CFR 164.514(b)(2)(i): the 18 identifiers, by their letters. https://www.ecfr.gov/current/title-45/section-164.514 */
export const hipaaIdentifiers = {
  A: 'names',
  B: 'geographic subdivisions smaller than a state',
  C: 'elements of dates, except the year, and ages over 89',
  D: 'telephone numbers',
  E: 'fax numbers',
  F: 'electronic mail addresses',
  G: 'social security numbers',
  H: 'medical record numbers',
  I: 'health plan beneficiary numbers',
  J: 'account numbers',
  K: 'certificate and license numbers',
  L: 'vehicle identifiers and license plates',
  M: 'device identifiers and serial numbers',
  N: 'web addresses (URLs)',
  O: 'internet protocol addresses',
  P: 'biometric identifiers',
  Q: 'full-face photographs',
  R: 'any other unique identifying number, characteristic or code',
} as const;

/** GDPR articles 9(1) and 10, by kind. https://eur-lex.europa.eu/eli/reg/2016/679/oj */
const gdprSpecial: Readonly<Record<string, string>> = {
  'race-or-ethnicity': 'racial or ethnic origin',
  'political-opinion': 'political opinions',
  religion: 'religious or philosophical beliefs',
  'trade-union': 'trade union membership',
  'genetic-or-biometric': 'genetic data, and biometric data for identification',
  'sexual-orientation': 'sex life or sexual orientation',
};

/** PCI DSS 4.0.1, requirement 3: what is never stored after authorisation, and what is stored protected. */
const pci: Readonly<Record<string, readonly [string, string]>> = {
  'credit-card': ['requirement 3.5', 'cardholder data: primary account number'],
  'card-expiry': ['requirement 3', 'cardholder data: expiration date'],
  'card-verification-code': ['requirement 3.3', 'sensitive authentication data: card verification code'],
};

const section = 'Cal. Civ. Code 1798.140';

/** Categories of personal information of 1798.140(v)(1), and of sensitive personal information of 1798.140(ae), by kind. */
const ccpa: Readonly<Record<string, readonly [string, string]>> = {
  ...sensitive('(ae)(1)(A)', 'social security, driving licence, identity card or passport number', [
    ...['us-ssn', 'us-itin', 'passport-number', 'passport-mrz', 'identity-card-mrz', 'driving-licence'],
  ]),
  ...sensitive('(ae)(1)(B)', 'account log-in, or account or card number with what opens it', [
    ...['credit-card', 'card-verification-code', 'iban', 'account-number', 'password'],
  ]),
  ...sensitive('(ae)(1)(C)', 'precise geolocation', ['geo-coordinates', 'latitude-or-longitude']),
  ...sensitive('(ae)(1)(D)', 'racial or ethnic origin, citizenship, religious beliefs, union membership', [
    ...['race-or-ethnicity', 'religion', 'trade-union', 'nationality'],
  ]),
  ...sensitive('(ae)(1)(F)', 'genetic data', ['genetic-or-biometric']),
  ...sensitive('(ae)(2)(B)', 'personal information concerning health', [
    ...['health', 'icd-10', 'medical-record-number', 'health-plan-number', 'us-mbi', 'gb-nhs'],
  ]),
  ...sensitive('(ae)(2)(C)', 'sex life or sexual orientation', ['sexual-orientation']),
  ...sensitive('(v)(1)(C)', 'characteristics of protected classifications', ['sex', 'age', 'marital-status']),
  ...sensitive('(v)(1)(G)', 'geolocation data', ['street-address', 'postal-code', 'city']),
  ...sensitive('(v)(1)(I)', 'professional or employment-related information', ['occupation', 'income']),
  ...sensitive('(v)(1)(F)', 'internet or other electronic network activity', ['url', 'ipv4', 'ipv6', 'mac-address']),
};

function sensitive(where: string, title: string, kinds: readonly string[]): Record<string, readonly [string, string]> {
  return Object.fromEntries(kinds.map((kind) => [kind, [where, title] as const]));
}

/** Everything that laws and standards call a kind of data. */
export function namedBy({ name, classes, hipaa }: Entity): Named[] {
  const [where, title] = ccpa[name] ?? ['(v)(1)(A)', 'identifiers'];
  const card = pci[name];
  const letter = hipaa as keyof typeof hipaaIdentifiers | undefined;
  return [
    ...gdprOf(name, classes),
    ...(letter === undefined
      ? []
      : [{ regime: 'HIPAA', source: `45 CFR 164.514(b)(2)(i)(${letter})`, title: hipaaIdentifiers[letter] } as const]),
    ...(card === undefined ? [] : [{ regime: 'PCI DSS', source: `4.0.1, ${card[0]}`, title: card[1] } as const]),
    ...(classes.includes('pii') || ccpa[name] !== undefined
      ? [{ regime: 'CCPA', source: `${section}${where}`, title } as const]
      : []),
  ];
}

function gdprOf(name: string, classes: Entity['classes']): Named[] {
  if (name === 'criminal-record')
    return [{ regime: 'GDPR', source: 'article 10', title: 'criminal convictions and offences' }];
  if (classes.includes('special')) {
    return [{ regime: 'GDPR', source: 'article 9(1)', title: gdprSpecial[name] ?? 'data concerning health' }];
  }
  return classes.includes('pii') ? [{ regime: 'GDPR', source: 'article 4(1)', title: 'personal data' }] : [];
}
