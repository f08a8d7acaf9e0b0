import { isDay, isDayMonthYear } from '../checksums/calendar.ts';
import { numberAt, weightedSum } from '../checksums/digits.ts';
import { isMod11And10 } from '../checksums/iso7064.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { healthNumber, personalNumber } from './numbered.ts';

/** Sex and century, day of birth, county, serial number, check digit. */
export function isCnp(digits: string): boolean {
  const sign = numberAt(digits, 0, 1);
  const county = numberAt(digits, 7, 9);
  const years = sign >= 7 ? [1900, 2000] : [[1900, 1800, 2000][Math.floor((sign - 1) / 2)] ?? 0];
  const rest = weightedSum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (
    sign > 0 &&
    years.some((year) => isDay(year + numberAt(digits, 1, 3), numberAt(digits, 3, 5), numberAt(digits, 5, 7))) &&
    ((county >= 1 && county <= 48) ||
      county === 51 ||
      county === 52 ||
      county === 70 ||
      (county >= 80 && county <= 83)) &&
    (rest === 10 ? 1 : rest) === numberAt(digits, 12, 13)
  );
}

/** Day of birth, 20 more months before 1900 and 40 more after 1999, and a check digit. */
export function isEgn(digits: string): boolean {
  const month = numberAt(digits, 2, 4);
  const century = [1900, 1800, 2000][Math.floor((month - 1) / 20)] ?? 0;
  return (
    isDay(century + numberAt(digits, 0, 2), ((month - 1) % 20) + 1, numberAt(digits, 4, 6)) &&
    (weightedSum(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === numberAt(digits, 9, 10)
  );
}

export function isAmka(digits: string): boolean {
  return isDayMonthYear(digits) && isLuhn(digits);
}

/** The number of the former Yugoslavia: day of birth with three digits of the year, region, serial number, check digit. */
export function isJmbg(digits: string): boolean {
  const year = numberAt(digits, 4, 7);
  return (
    isDay(year + (year < 800 ? 2000 : 1000), numberAt(digits, 2, 4), numberAt(digits, 0, 2)) &&
    ((11 - (weightedSum(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === numberAt(digits, 12, 13)
  );
}

/** Two check digits: seven times the odd places less the even ones, and the sum of all. */
export function isTcKimlik(digits: string): boolean {
  const tenth = weightedSum(digits, [7, 9, 7, 9, 7, 9, 7, 9, 7]) % 10;
  const eleventh = weightedSum(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10;
  return !digits.startsWith('0') && tenth === numberAt(digits, 9, 10) && eleventh === numberAt(digits, 10, 11);
}

export const southEastEurope: readonly EntityType[] = [
  personalNumber({
    name: 'ro-cnp',
    title: 'Romanian personal code CNP',
    country: 'RO',
    reference: 'OUG 97/2005, art. 6',
    forms: ['#############'],
    checksum: 'date, mod 11',
    check: isCnp,
    chance: 0.0017,
    context: { ro: ['cnp', 'cod numeric personal', 'codul numeric personal'] },
  }),
  personalNumber({
    name: 'bg-egn',
    title: 'Bulgarian civil number EGN',
    country: 'BG',
    reference: 'https://www.grao.bg/esgraon.html',
    forms: ['##########'],
    checksum: 'date, mod 11',
    check: isEgn,
    chance: 0.0186,
    context: { bg: ['егн', 'единен граждански номер'], en: ['egn', 'bulgarian id'] },
  }),
  healthNumber({
    name: 'gr-amka',
    title: 'Greek social security number AMKA',
    country: 'GR',
    reference: 'https://www.amka.gr',
    forms: ['###########'],
    checksum: 'date, luhn',
    check: isAmka,
    chance: 0.0037,
    context: { el: ['αμκα', 'α.μ.κ.α.'], en: ['amka'] },
  }),
  personalNumber({
    name: 'hr-oib',
    title: 'Croatian personal number OIB',
    country: 'HR',
    reference: 'https://www.porezna-uprava.hr (Zakon o OIB, NN 60/08)',
    forms: ['###########'],
    checksum: 'ISO 7064 MOD 11,10',
    check: isMod11And10,
    chance: 0.1,
    context: { hr: ['oib', 'osobni identifikacijski broj'] },
  }),
  personalNumber({
    name: 'yu-jmbg',
    title: 'Personal number of Slovenia, Serbia, Bosnia, Montenegro and North Macedonia',
    country: ['SI', 'RS', 'BA', 'ME', 'MK'],
    reference: 'Službeni list SFRJ 58/76; https://www.gov.si (EMŠO)',
    forms: ['#############'],
    checksum: 'date, mod 11',
    check: isJmbg,
    chance: 0.0036,
    context: { sl: ['emšo', 'emso'], sr: ['jmbg', 'јмбг', 'матични број', 'matični broj'], mk: ['ембг', 'embg'] },
  }),
  personalNumber({
    name: 'tr-kimlik',
    title: 'Turkish identity number',
    country: 'TR',
    reference: 'https://www.nvi.gov.tr (T.C. kimlik numarası)',
    forms: ['###########'],
    checksum: 'two mod 10',
    check: isTcKimlik,
    chance: 0.009,
    context: { tr: ['tc kimlik', 't.c. kimlik', 'kimlik no', 'kimlik numarası', 'tckn', 'tc no'] },
  }),
];
