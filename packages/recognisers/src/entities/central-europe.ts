import { isDay, isDayMonthYear } from '../checksums/calendar.ts';
import { isOneSign, numberAt, weightedSum } from '../checksums/digits.ts';
import { isMod11And10 } from '../checksums/iso7064.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { companyNumber, healthNumber, personalNumber } from './numbered.ts';

/** Day of birth with the century in the month, and a check digit. */
export function isPesel(digits: string): boolean {
  const month = numberAt(digits, 2, 4);
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 0;
  return (
    isDay(century + numberAt(digits, 0, 2), month % 20, numberAt(digits, 4, 6)) &&
    weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  );
}

export function isNip(digits: string): boolean {
  return !isOneSign(digits) && weightedSum(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === numberAt(digits, 9, 10);
}

function isShortRegon(digits: string): boolean {
  return (weightedSum(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === numberAt(digits, 8, 9);
}

/** Nine digits, or fourteen of a branch that begin with those of its company. */
export function isRegon(digits: string): boolean {
  if (isOneSign(digits) || !isShortRegon(digits)) return false;
  if (digits.length === 9) return true;
  return (weightedSum(digits, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === numberAt(digits, 13, 14);
}

/** Of the first ten digits exactly one occurs twice or three times; ISO 7064 MOD 11,10. */
export function isSteuerId(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return !digits.startsWith('0') && repeated.length === 1 && (repeated[0] ?? 0) <= 3 && isMod11And10(digits);
}

/** Serial number, check digit, day of birth; the month may be 13 or more. */
export function isAustrianInsurance(digits: string): boolean {
  const hasDay = isDayMonthYear(digits, 4) || /^.{6}1[3-5]/.test(digits);
  return (
    !digits.startsWith('0') &&
    hasDay &&
    weightedSum(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === numberAt(digits, 3, 4)
  );
}

/** The country's number 756 and the check digit of an EAN-13. */
export function isAhv(digits: string): boolean {
  return digits.startsWith('756') && weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

export function isSwissUid(text: string): boolean {
  const digits = text.slice(3);
  const check = 11 - (weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4]) % 11);
  return text.startsWith('CHE') && check !== 10 && check % 11 === numberAt(digits, 8, 9);
}

/** Day of birth, 50 more months for women and 20 more where numbers ran out; since 1954 divisible by 11. */
export function isRodneCislo(digits: string): boolean {
  const year = numberAt(digits, 0, 2) + (digits.length === 9 || numberAt(digits, 0, 2) >= 54 ? 1900 : 2000);
  const month = (numberAt(digits, 2, 4) % 50) % 20;
  if (!isDay(year, month, numberAt(digits, 4, 6))) return false;
  if (digits.length === 9) return year < 1954;
  const rest = Number(digits.slice(0, 9)) % 11;
  return rest % 10 === numberAt(digits, 9, 10);
}

export const centralEurope: readonly EntityType[] = [
  personalNumber({
    name: 'pl-pesel',
    title: 'Polish PESEL',
    country: 'PL',
    reference: 'https://www.gov.pl/web/gov/czym-jest-numer-pesel',
    forms: ['###########'],
    checksum: 'date, mod 10',
    check: isPesel,
    chance: 0.018,
    context: { pl: ['pesel', 'numer pesel', 'nr pesel'], en: ['polish id'] },
  }),
  companyNumber({
    name: 'pl-nip',
    title: 'Polish tax number NIP',
    country: 'PL',
    reference: 'https://www.podatki.gov.pl (ustawa z 13.10.1995, NIP)',
    forms: ['###-###-##-##', '###-##-##-###', '##########'],
    checksum: 'mod 11',
    check: isNip,
    chance: 0.09,
    context: { pl: ['nip', 'numer nip', 'numer identyfikacji podatkowej'], en: ['polish vat', 'polish tax'] },
  }),
  companyNumber({
    name: 'pl-regon',
    title: 'Polish company number REGON',
    country: 'PL',
    reference: 'https://stat.gov.pl (REGON)',
    forms: ['#########', '##############'],
    checksum: 'mod 11',
    check: isRegon,
    chance: 0.1,
    context: { pl: ['regon', 'numer regon'] },
  }),
  personalNumber({
    name: 'de-steuer-id',
    title: 'German tax identification number',
    country: 'DE',
    reference: 'https://www.bzst.de (§ 139b AO)',
    forms: ['## ### ### ###', '###########'],
    checksum: 'ISO 7064 MOD 11,10',
    check: isSteuerId,
    chance: 0.0036,
    context: {
      de: [
        'steuer-id',
        'steuerid',
        'steueridentifikationsnummer',
        'steuerliche identifikationsnummer',
        'identifikationsnummer',
        'idnr',
        'steuer-idnr',
        'tin',
      ],
      en: ['german tax id'],
    },
  }),
  healthNumber({
    name: 'at-sozialversicherungsnummer',
    title: 'Austrian social insurance number',
    country: 'AT',
    reference: '§ 31 ASVG; https://www.sozialversicherung.at',
    forms: ['#### ######', '####-######', '##########'],
    checksum: 'date, mod 11',
    check: isAustrianInsurance,
    chance: 0.0057,
    context: {
      de: ['sozialversicherungsnummer', 'sv-nummer', 'svnr', 'sv-nr', 'vsnr', 'versicherungsnummer', 'sv nummer'],
    },
  }),
  personalNumber({
    name: 'ch-ahv',
    title: 'Swiss AHV number',
    country: 'CH',
    reference: 'https://www.bsv.admin.ch (AHVN13)',
    forms: [layout('756.####.####.##', 'telling'), layout('756 #### #### ##'), layout('756##########', 'grouped')],
    checksum: 'EAN-13',
    check: isAhv,
    chance: 0.1,
    context: {
      de: ['ahv', 'ahv-nummer', 'ahv-nr', 'ahvn13', 'sozialversicherungsnummer'],
      fr: ['avs', 'numéro avs', 'no avs'],
      it: ['avs', 'numero avs'],
    },
  }),
  companyNumber({
    name: 'ch-uid',
    title: 'Swiss company number UID',
    country: 'CH',
    reference: 'https://www.bfs.admin.ch (UIDV, SR 431.031)',
    forms: [
      layout('CHE-###.###.###', 'telling'),
      layout('CHE ### ### ###', 'telling'),
      layout('CHE#########', 'telling'),
    ],
    checksum: 'mod 11',
    check: isSwissUid,
    chance: 0.09,
    context: { de: ['uid', 'mwst', 'unternehmens-identifikationsnummer'], fr: ['ide', 'tva'], it: ['idi', 'iva'] },
  }),
  personalNumber({
    name: 'cz-sk-rodne-cislo',
    title: 'Czech and Slovak birth number',
    country: ['CZ', 'SK'],
    reference: 'zákon č. 133/2000 Sb., § 13; zákon č. 301/1995 Z. z.',
    forms: ['######/####', '######/###', '##########'],
    checksum: 'date, mod 11',
    check: isRodneCislo,
    chance: 0.05,
    context: {
      cs: ['rodné číslo', 'rodne cislo', 'rč', 'r č', 'rodného čísla'],
      sk: ['rodné číslo', 'rodného čísla'],
      en: ['czech birth number'],
    },
  }),
];
