import { numberAt, weightedSum } from '../checksums/digits.ts';
import type { EntityType } from '../entity-type.ts';
import { companyNumber, healthNumber, personalNumber } from './numbered.ts';

export function isTfn(digits: string): boolean {
  const weights = digits.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1];
  return Number(digits) > 0 && weightedSum(digits, weights) % 11 === 0;
}

/** The first digit less one, weights 10, 1, 3, … 19, divisible by 89. */
export function isAbn(digits: string): boolean {
  return !digits.startsWith('0') && (weightedSum(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

export function isMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === numberAt(digits, 8, 9);
}

/** From 10,000,000 to 150,000,000; a second row of weights where the first leaves 10. */
export function isIrd(digits: string): boolean {
  const padded = digits.padStart(9, '0');
  const number = Number(digits);
  if (number <= 10_000_000 || number >= 150_000_000) return false;
  const first = (11 - (weightedSum(padded, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  const check = first < 10 ? first : (11 - (weightedSum(padded, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return check === numberAt(padded, 8, 9);
}

export const oceania: readonly EntityType[] = [
  personalNumber({
    name: 'au-tfn',
    title: 'Australian tax file number',
    country: 'AU',
    reference: 'https://www.ato.gov.au (Taxation Administration Act 1953, part VA)',
    forms: ['### ### ###', '###-###-###', '#########', '########'],
    checksum: 'mod 11',
    check: isTfn,
    chance: 0.09,
    context: { en: ['tfn', 'tax file number', 'tax file no'] },
  }),
  companyNumber({
    name: 'au-abn',
    title: 'Australian business number',
    country: 'AU',
    reference: 'https://abr.business.gov.au/Help/AbnFormat',
    forms: ['## ### ### ###', '###########'],
    checksum: 'mod 89',
    check: isAbn,
    chance: 0.011,
    context: { en: ['abn', 'australian business number'] },
  }),
  healthNumber({
    name: 'au-medicare',
    title: 'Australian Medicare number',
    country: 'AU',
    reference: 'https://www.servicesaustralia.gov.au (Medicare card number, check digit)',
    forms: ['#### ##### #', '##########'],
    checksum: 'mod 10',
    check: isMedicare,
    chance: 0.05,
    context: { en: ['medicare', 'medicare number', 'medicare no', 'medicare card'] },
  }),
  personalNumber({
    name: 'nz-ird',
    title: 'New Zealand IRD number',
    country: 'NZ',
    reference: 'https://www.ird.govt.nz (RWT and NRWT specification)',
    forms: ['###-###-###', '##-###-###', '### ### ###', '#########', '########'],
    checksum: 'mod 11',
    check: isIrd,
    chance: 0.045,
    context: { en: ['ird', 'ird number', 'ird no', 'inland revenue'] },
  }),
];
