import { isYearMonthDay } from '../checksums/calendar.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { personalNumber } from './numbered.ts';

export function isIsraeliNumber(digits: string): boolean {
  return Number(digits) > 0 && isLuhn(digits);
}

/** Day of birth, sex, citizen or resident, and Luhn's formula. */
export function isSouthAfricanNumber(digits: string): boolean {
  return isYearMonthDay(digits) && /[012][0-9]{2}$/.test(digits) && isLuhn(digits);
}

export const middleEastAndAfrica: readonly EntityType[] = [
  personalNumber({
    name: 'il-teudat-zehut',
    title: 'Israeli identity number',
    country: 'IL',
    reference: 'https://www.gov.il (Population Registry Law 1965)',
    forms: ['#########', '########-#'],
    checksum: 'luhn',
    check: isIsraeliNumber,
    chance: 0.1,
    context: { he: ['תעודת זהות', 'ת.ז.', 'מספר זהות', 'ת ז'], en: ['teudat zehut', 'israeli id', 'mispar zehut'] },
  }),
  personalNumber({
    name: 'za-identity',
    title: 'South African identity number',
    country: 'ZA',
    reference: 'https://www.dha.gov.za (Identification Act 68 of 1997)',
    forms: ['#############', '###### #### ## #', '###### #### ###'],
    checksum: 'date, luhn',
    check: isSouthAfricanNumber,
    chance: 0.0011,
    context: {
      en: ['id number', 'identity number', 'south african id', 'sa id', 'rsa id'],
      af: ['id-nommer', 'identiteitsnommer'],
    },
  }),
];
