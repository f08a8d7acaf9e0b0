import { numberAt } from '../checksums/digits.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';

const vinValues: Readonly<Record<string, number>> = {
  A: 1,
  B: 2,
  C: 3,
  D: 4,
  E: 5,
  F: 6,
  G: 7,
  H: 8,
  J: 1,
  K: 2,
  L: 3,
  M: 4,
  N: 5,
  P: 7,
  R: 9,
  S: 2,
  T: 3,
  U: 4,
  V: 5,
  W: 6,
  X: 7,
  Y: 8,
  Z: 9,
};
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** The ninth sign checks the others, and some are letters: demanded in North America and China, and not in Europe (49 CFR 565.15). */
export function isVin(text: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text) || !/[A-Z].*[A-Z]/.test(text)) return false;
  let sum = 0;
  for (const [index, weight] of vinWeights.entries()) {
    const sign = text.charAt(index);
    sum += (vinValues[sign] ?? Number(sign)) * weight;
  }
  return '0123456789X'.charAt(sum % 11) === text.charAt(8);
}

/** A reporting body from 01 to 99 and Luhn's formula. */
export function isImei(digits: string): boolean {
  return numberAt(digits, 0, 2) > 0 && isLuhn(digits);
}

export const devices: readonly EntityType[] = [
  {
    name: 'imei',
    title: 'Number of a mobile phone',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'M',
    reference: '3GPP TS 23.003, section 6',
    forms: [layout('###############'), layout('##-######-######-#'), layout('## ###### ###### #')],
    checksum: 'luhn',
    check: isImei,
    chance: 0.1,
    context: { en: ['imei', 'device', 'handset', 'imei number'] },
  },
  {
    name: 'vin',
    title: 'Vehicle identification number',
    countries: [],
    classes: ['pii', 'hipaa'],
    hipaa: 'L',
    reference: 'ISO 3779:2009; 49 CFR 565.15',
    forms: [layout('@@@@@@@@@@@@@@@@@')],
    checksum: 'mod 11',
    check: isVin,
    chance: 0.007,
    context: {
      en: ['vin', 'vehicle', 'chassis', 'vehicle identification'],
      de: ['fahrgestellnummer', 'fin'],
      fr: ['châssis'],
      es: ['bastidor'],
    },
  },
];
