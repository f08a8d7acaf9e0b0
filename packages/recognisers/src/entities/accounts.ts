import { modulo97 } from '../checksums/iso7064.ts';
import { isLuhnOfLetters } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout, pattern } from '../form.ts';
import { isCountry } from './country-codes.ts';

/** How long an IBAN is in each country: SWIFT's registry of IBAN (ISO 13616), release 99. */
const lengths: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FK FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG YE',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};

const ibans = Object.entries(lengths)
  .map(([length, countries]) => `(?:${countries.replaceAll(' ', '|')})[0-9]{2}(?:[ -]?[A-Z0-9]){${Number(length) - 4}}`)
  .join('|');

/** The country and check digits moved to the end, what is left by 97 is 1 (ISO 13616). */
export function isIban(text: string): boolean {
  return modulo97(text.slice(4) + text.slice(0, 4)) === 1;
}

export const accounts: readonly EntityType[] = [
  {
    name: 'iban',
    title: 'International bank account number',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa', 'financial'],
    hipaa: 'J',
    reference: 'ISO 13616-1:2020',
    forms: [
      pattern('iban', {
        begins: '[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]){4}',
        exact: `(?<![\\p{L}\\p{N}])(?:${ibans})(?![\\p{L}\\p{N}])`,
        longest: 66,
        ignoreCase: true,
        compact: true,
      }),
    ],
    checksum: 'ISO 7064 MOD 97-10',
    check: isIban,
    chance: 0.0103,
    context: {
      en: ['iban', 'account', 'bank account'],
      de: ['konto', 'bankverbindung', 'kontonummer'],
      fr: ['compte', 'rib'],
      es: ['cuenta'],
      it: ['conto'],
      nl: ['rekening'],
      pl: ['konto', 'rachunek'],
    },
  },
  {
    name: 'bic',
    title: 'Business identifier code of a bank',
    countries: [],
    classes: ['financial'],
    reference: 'ISO 9362:2022',
    forms: [
      pattern('bic', {
        begins: '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\\b',
        exact: '(?<![\\p{L}\\p{N}])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\\p{L}\\p{N}])',
        longest: 11,
        telling: 'bare',
      }),
    ],
    check: (text) => isCountry(text.slice(4, 6)),
    chance: 0.37,
    context: { en: ['bic', 'swift', 'swift code', 'bank identifier'], de: ['bic'], fr: ['bic'] },
  },
  {
    name: 'lei',
    title: 'Legal entity identifier',
    countries: [],
    classes: ['financial'],
    reference: 'ISO 17442-1:2020',
    forms: [layout('@@@@@@@@@@@@@@@@@@##')],
    checksum: 'ISO 7064 MOD 97-10',
    // One of digits only would be one in a million, and is a number of something else.
    check: (text) => /[A-Z]/.test(text) && modulo97(text) === 1,
    chance: 0.0103,
    context: { en: ['lei', 'legal entity', 'legal entity identifier'] },
  },
  {
    name: 'isin',
    title: 'International securities identification number',
    countries: [],
    classes: ['financial'],
    reference: 'ISO 6166:2021',
    forms: [layout('AA@@@@@@@@@#')],
    checksum: 'luhn',
    check: (text) => (isCountry(text.slice(0, 2)) || /^(?:XS|EU|XA|XB|XC|XD)/.test(text)) && isLuhnOfLetters(text),
    chance: 0.038,
    context: { en: ['isin', 'security', 'securities', 'bond', 'share'], de: ['isin', 'wertpapier'], fr: ['isin'] },
  },
];
