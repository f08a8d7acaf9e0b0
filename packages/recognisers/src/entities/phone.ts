import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { EntityType } from '../entity-type.ts';
import { pattern } from '../form.ts';

// Where numbers without a country's code are tried: those that write a zero first, and the North American plan.
const nationals = ['GB', 'DE', 'FR', 'IT', 'NL', 'SE', 'CH', 'AU', 'JP', 'IN', 'ZA'] as const;

function isInternational(text: string): boolean {
  return parsePhoneNumberFromString(text)?.isValid() ?? false;
}

function isNational(text: string): boolean {
  if (!/^[(]?0/.test(text)) return parsePhoneNumberFromString(text, 'US')?.isValid() ?? false;
  return nationals.some((country) => parsePhoneNumberFromString(text, country)?.isValid());
}

// Between digits: one sign, or a bracket with a space.
const separator = '(?:[ ./-]| ?[(]|[)][ .-]?)?';

const context = {
  en: ['phone', 'telephone', 'tel', 'mobile', 'cell', 'call', 'fax', 'phone number', 'contact', 'ring', 'whatsapp'],
  de: ['telefon', 'handy', 'mobil', 'rufnummer', 'anrufen', 'tel'],
  fr: ['téléphone', 'tél', 'portable', 'appeler'],
  es: ['teléfono', 'móvil', 'celular', 'llamar'],
  it: ['telefono', 'cellulare'],
  pt: ['telefone', 'celular', 'telemóvel'],
  nl: ['telefoon', 'mobiel'],
  pl: ['telefon', 'komórka'],
  sv: ['telefon', 'mobil'],
  ja: ['電話'],
  zh: ['电话', '手机'],
  ko: ['전화'],
};

export const phone: readonly EntityType[] = [
  {
    name: 'phone',
    title: 'Telephone number in international form',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'D',
    reference: 'ITU-T E.164, E.123',
    forms: [
      pattern('+# …', {
        begins: '\\+[(]?[1-9][ ./()-]{0,2}[0-9]',
        exact: `(?<![\\p{L}\\p{N}+])\\+[(]?[1-9](?:${separator}[0-9]){6,14}(?![\\p{L}\\p{N}])`,
        longest: 46,
      }),
    ],
    checksum: 'numbering plan',
    check: isInternational,
    chance: 0.05,
    context,
  },
  {
    name: 'phone-national',
    title: 'Telephone number as it is written within a country',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'D',
    reference: 'ITU-T E.123; national numbering plans',
    forms: [
      pattern('0# …', {
        begins: '[(]?0[1-9][0-9 ./()-]{6}',
        exact: `(?<![\\p{L}\\p{N}+]|\\p{N}[-./])[(]?0[1-9](?:${separator}[0-9]){6,10}(?![\\p{L}\\p{N}]|[-./]\\p{N})`,
        longest: 36,
        telling: 'grouped',
      }),
      pattern('(###) ###-####', {
        begins: '(?:[(][2-9][0-9]{2}[)] ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}\\b',
        exact:
          '(?<![\\p{L}\\p{N}+]|\\p{N}[-./])(?:[(][2-9][0-9]{2}[)] ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?![\\p{L}\\p{N}]|[-./]\\p{N})',
        longest: 14,
        telling: 'grouped',
      }),
    ],
    checksum: 'numbering plan',
    check: isNational,
    chance: 0.5,
    context,
  },
];
