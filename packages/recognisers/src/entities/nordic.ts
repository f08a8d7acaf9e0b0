import { isDay, isDayMonthYear, isDayOfEither } from '../checksums/calendar.ts';
import { numberAt, weightedSum } from '../checksums/digits.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { personalNumber } from './numbered.ts';

/** Day of birth, year first; coordination numbers have 60 more days. Luhn's formula over the last ten digits. */
export function isPersonnummer(text: string): boolean {
  const digits = text.replace('+', '');
  const short = digits.slice(-10);
  const day = numberAt(short, 4, 6) % 60;
  const month = numberAt(short, 2, 4);
  const hasDay =
    digits.length === 12
      ? /^(?:18|19|20)/.test(digits) && isDay(numberAt(digits, 0, 4), month, day)
      : isDayOfEither(numberAt(short, 0, 2), month, day);
  return hasDay && isLuhn(short);
}

/** Day of birth; D-numbers have 40 more days, H-numbers and numbers for tests 40 or 80 more months. Two check digits. */
export function isFodselsnummer(digits: string): boolean {
  const day = numberAt(digits, 0, 2) % 40;
  const month = numberAt(digits, 2, 4) % 40;
  return (
    isDayOfEither(numberAt(digits, 4, 6), month, day) &&
    weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** Day of birth; the remainder by 11 is no longer demanded since 2007. */
export function isCpr(digits: string): boolean {
  return isDayMonthYear(digits);
}

/** Day of birth, sign of the century, serial number from 2, and the remainder by 31 of all digits as a letter. */
export function isHetu(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '').slice(0, 9);
  const serial = text.slice(-4, -1);
  return (
    digits.length === 9 &&
    Number(serial) >= 2 &&
    isDayMonthYear(digits) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(digits.slice(0, 6) + serial) % 31) === text.slice(-1)
  );
}

/** Day of birth, 40 more for companies; one check digit, and the century's at the end. */
export function isKennitala(digits: string): boolean {
  const day = numberAt(digits, 0, 2) % 40;
  return (
    /[09]$/.test(digits) &&
    isDayOfEither(numberAt(digits, 4, 6), numberAt(digits, 2, 4), day) &&
    weightedSum(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

export const nordic: readonly EntityType[] = [
  personalNumber({
    name: 'se-personnummer',
    title: 'Swedish personal identity number',
    country: 'SE',
    reference: 'https://www.skatteverket.se (Folkbokföringslagen 1991:481, § 18)',
    forms: ['######-####', '######+####', '########-####', '##########', '############'],
    checksum: 'date, luhn',
    check: isPersonnummer,
    chance: 0.006,
    context: {
      sv: ['personnummer', 'personnr', 'samordningsnummer', 'pnr'],
      en: ['swedish personal identity number', 'swedish id'],
    },
  }),
  personalNumber({
    name: 'no-fodselsnummer',
    title: 'Norwegian birth number',
    country: 'NO',
    reference: 'https://www.skatteetaten.no (Folkeregisterforskriften § 2-2-1)',
    forms: ['###### #####', '######-#####', '###########'],
    checksum: 'date, two mod 11',
    check: isFodselsnummer,
    chance: 0.0025,
    context: {
      no: ['fødselsnummer', 'fodselsnummer', 'fødselsnr', 'fnr', 'personnummer', 'd-nummer'],
      en: ['norwegian birth number', 'norwegian id'],
    },
  }),
  personalNumber({
    name: 'dk-cpr',
    title: 'Danish CPR number',
    country: 'DK',
    reference: 'https://cpr.dk/media/12066/personnummeret-i-cpr.pdf',
    forms: ['######-####', '##########'],
    checksum: 'date',
    check: isCpr,
    chance: 0.037,
    context: { da: ['cpr', 'cpr-nummer', 'cprnr', 'cpr nr', 'personnummer'], en: ['danish cpr'] },
  }),
  personalNumber({
    name: 'fi-hetu',
    title: 'Finnish personal identity code',
    country: 'FI',
    reference: 'https://dvv.fi/en/personal-identity-code',
    forms: [layout('######-###*', 'grouped'), layout('######+###*', 'grouped'), layout('######A###*', 'grouped')],
    checksum: 'date, mod 31',
    check: isHetu,
    chance: 0.0009,
    context: {
      fi: ['henkilötunnus', 'hetu', 'sosiaaliturvatunnus'],
      sv: ['personbeteckning'],
      en: ['finnish personal identity code'],
    },
  }),
  personalNumber({
    name: 'is-kennitala',
    title: 'Icelandic identity number',
    country: 'IS',
    reference: 'https://www.skra.is/english/individuals/me-and-my-family/my-registration/id-numbers/',
    forms: ['######-####', '##########'],
    checksum: 'date, mod 11',
    check: isKennitala,
    chance: 0.002,
    context: { is: ['kennitala', 'kt', 'kennitölu'], en: ['icelandic id'] },
  }),
];
