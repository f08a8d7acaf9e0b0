import { isDay } from '../checksums/calendar.ts';
import { numberAt } from '../checksums/digits.ts';
import { isIdentityCardLines, isPassportLine } from '../checksums/machine-readable-zone.ts';
import type { EntityType } from '../entity-type.ts';
import { layout, layouts, pattern } from '../form.ts';

function isYear(year: number): boolean {
  return year >= 1900 && year <= 2099;
}

/** A day that somebody can be born on: year first or last, day and month in either order. */
export function isDateOfBirth(digits: string): boolean {
  const first = numberAt(digits, 0, 4);
  const last = numberAt(digits, 4, 8);
  const one = numberAt(digits, 0, 2);
  const two = numberAt(digits, 2, 4);
  if (isYear(first) && isDay(first, numberAt(digits, 4, 6), numberAt(digits, 6, 8))) return true;
  return isYear(last) && (isDay(last, two, one) || isDay(last, one, two));
}

const month = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const months = `(?:${month})[a-z]{0,6}`;

export const person: readonly EntityType[] = [
  {
    name: 'date-of-birth',
    title: 'Date of birth',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'C',
    reference: 'ISO 8601-1; 45 CFR 164.514(b)(2)(i)(C)',
    forms: layouts('####-##-##', '##/##/####', '##.##.####', '##-##-####', '####/##/##', '####.##.##'),
    checksum: 'date',
    check: isDateOfBirth,
    chance: 0.9,
    context: {
      en: ['born', 'date of birth', 'dob', 'd.o.b.', 'birth date', 'birthdate', 'birthday', 'birth'],
      de: ['geboren', 'geburtsdatum', 'geb', 'geburtstag'],
      fr: ['né le', 'née le', 'date de naissance', 'naissance'],
      es: ['nacido', 'nacida', 'fecha de nacimiento', 'nacimiento'],
      it: ['nato il', 'nata il', 'data di nascita', 'nascita'],
      pt: ['nascido', 'nascida', 'data de nascimento', 'nascimento'],
      nl: ['geboren', 'geboortedatum'],
      pl: ['urodzony', 'urodzona', 'data urodzenia', 'ur'],
      sv: ['född', 'födelsedatum'],
      ru: ['дата рождения', 'родился', 'родилась'],
      zh: ['出生日期', '生日'],
      ja: ['生年月日'],
      ko: ['생년월일'],
    },
  },
  {
    name: 'date-of-birth-in-words',
    title: 'Date of birth with the name of the month',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'C',
    reference: '45 CFR 164.514(b)(2)(i)(C)',
    forms: [
      pattern('day month year', {
        begins: `[0-9]{1,2}(?i:st|nd|rd|th)? (?i:of )?(?i:${month})|(?i:${month})[A-Za-z]{0,6} [0-9]`,
        exact: `(?<![\\p{L}\\p{N}])(?:[0-9]{1,2}(?:st|nd|rd|th)? (?:of )?${months},? (?:19|20)[0-9]{2}|${months} [0-9]{1,2}(?:st|nd|rd|th)?,? (?:19|20)[0-9]{2})(?![\\p{L}\\p{N}])`,
        longest: 36,
        ignoreCase: true,
        telling: 'grouped',
      }),
    ],
    chance: 1,
    context: { en: ['born', 'born on', 'date of birth', 'dob', 'birthday', 'birthdate'] },
  },
  {
    name: 'passport-mrz',
    title: 'Machine-readable zone of a passport',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'K',
    reference: 'ICAO Doc 9303, part 4',
    forms: [
      pattern('TD3', {
        begins: 'P[A-Z<]{20}|[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{7}[MFX<]',
        exact:
          '(?<![\\p{L}\\p{N}<])(?:P[A-Z<]{43}[ \\r]?\\n?)?[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9](?![\\p{L}\\p{N}<])',
        longest: 90,
      }),
    ],
    checksum: 'ICAO 9303',
    check: (text) => isPassportLine(text.slice(-44)),
    chance: 1e-4,
    context: {},
  },
  {
    name: 'identity-card-mrz',
    title: 'Machine-readable zone of an identity card',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'K',
    reference: 'ICAO Doc 9303, part 5',
    forms: [
      pattern('TD1', {
        begins: '[ACI][A-Z<]{4}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}',
        exact:
          '(?<![\\p{L}\\p{N}<])[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}[ \\r]?\\n?[0-9]{7}[MFX<][0-9]{7}[A-Z<]{3}[A-Z0-9<]{11}[0-9](?![\\p{L}\\p{N}<])',
        longest: 62,
      }),
    ],
    checksum: 'ICAO 9303',
    check: isIdentityCardLines,
    chance: 1e-4,
    context: {},
  },
  {
    name: 'passport-number',
    title: 'Passport number',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'K',
    reference: 'ICAO Doc 9303, part 4, 4.2',
    forms: [layout('A########'), layout('AA#######'), layout('A#######'), layout('#########')],
    check: (text) => /[0-9]{3}/.test(text),
    chance: 0.9,
    context: {
      en: ['passport', 'passport number', 'passport no'],
      de: ['reisepass', 'passnummer', 'pass-nr'],
      fr: ['passeport'],
      es: ['pasaporte'],
      it: ['passaporto'],
      pt: ['passaporte'],
      nl: ['paspoort'],
      pl: ['paszport'],
      ru: ['паспорт'],
    },
  },
  {
    name: 'geo-coordinates',
    title: 'Place as latitude and longitude',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'B',
    reference: 'ISO 6709; CCPA 1798.140(w)',
    forms: [
      pattern('degrees with minutes', {
        marks: ['°'],
        before: { signs: '[0-9]', most: 2 },
        exact:
          '(?<!\\p{N})[0-9]{1,2}°[ ]?[0-9]{1,2}[\'′][ ]?(?:[0-9]{1,2}(?:\\.[0-9]{1,6})?["″][ ]?)?[NS][, ]{0,3}[0-9]{1,3}°[ ]?[0-9]{1,2}[\'′][ ]?(?:[0-9]{1,2}(?:\\.[0-9]{1,6})?["″][ ]?)?[EWO](?![\\p{L}\\p{N}])',
        longest: 64,
      }),
      pattern('decimal pair', {
        begins: '[+-]?[0-9]{1,2}\\.[0-9]{4,12}[,;/ ]',
        exact:
          '(?<![\\p{L}\\p{N}.])[+-]?[0-9]{1,2}\\.[0-9]{4,12}[,;/ ]{1,3}[+-]?[0-9]{1,3}\\.[0-9]{4,12}(?![\\p{L}\\p{N}]|\\.[0-9])',
        longest: 34,
        telling: 'grouped',
      }),
    ],
    check: (text) =>
      text.includes('°') ||
      text.split(/[,;/ ]+/).every((part, index) => Math.abs(Number(part)) <= (index === 0 ? 90 : 180)),
    chance: 0.3,
    context: {
      en: ['lat', 'latitude', 'longitude', 'lon', 'lng', 'gps', 'coordinates', 'location', 'position', 'geo'],
      de: ['koordinaten', 'breitengrad'],
      fr: ['coordonnées'],
      es: ['coordenadas'],
    },
  },
];
