import { numberAt } from '../checksums/digits.ts';
import { isVerhoeff } from '../checksums/verhoeff.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { companyNumber, personalNumber } from './numbered.ts';

/** From 2 on, no palindrome, Verhoeff's check. */
export function isAadhaar(digits: string): boolean {
  return /^[2-9]/.test(digits) && digits !== Array.from(digits).reverse().join('') && isVerhoeff(digits);
}

/** No check digit that is published; the fourth letter is the kind of holder. */
export function isPan(text: string): boolean {
  return /^[A-Z]{3}[ABCFGHJLPTK][A-Z][0-9]{4}[A-Z]$/.test(text) && !/0000.$/.test(text);
}

const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** State, PAN, number of the registration, Z, and Luhn's formula to the base of 36. */
export function isGstin(text: string): boolean {
  const state = numberAt(text, 0, 2);
  if (!((state >= 1 && state <= 38) || state === 97 || state === 99)) return false;
  if (!isPan(text.slice(2, 12)) || !/^[1-9A-Z][0-9A-Z]{2}$/.test(text.slice(12))) return false;
  let sum = 0;
  for (let index = 14, twice = false; index >= 0; index--, twice = !twice) {
    const value = signs.indexOf(text.charAt(index)) * (twice ? 2 : 1);
    sum += Math.floor(value / 36) + (value % 36);
  }
  return sum % 36 === 0;
}

export const southAsia: readonly EntityType[] = [
  personalNumber({
    name: 'in-aadhaar',
    title: 'Aadhaar number',
    country: 'IN',
    reference: 'https://uidai.gov.in (Aadhaar numbering scheme)',
    forms: ['#### #### ####', '####-####-####', '############'],
    checksum: 'verhoeff',
    check: isAadhaar,
    chance: 0.08,
    context: { en: ['aadhaar', 'aadhar', 'adhaar', 'uid', 'uidai', 'aadhaar number'], hi: ['आधार'] },
  }),
  personalNumber({
    name: 'in-pan',
    title: 'Indian permanent account number',
    country: 'IN',
    reference: 'https://incometaxindia.gov.in (Income-tax Rules 1962, rule 114)',
    forms: ['AAAAA####A'],
    check: isPan,
    chance: 0.42,
    context: { en: ['pan', 'permanent account number', 'pan card', 'pan no', 'income tax'], hi: ['पैन'] },
  }),
  companyNumber({
    name: 'in-gstin',
    title: 'Indian goods and services tax number',
    country: 'IN',
    reference: 'https://www.gst.gov.in (CGST Rules 2017, rule 10)',
    forms: [layout('##AAAAA####A***', 'telling')],
    checksum: 'luhn mod 36',
    check: isGstin,
    chance: 0.005,
    context: { en: ['gstin', 'gst', 'gst number', 'gst no'] },
  }),
];
