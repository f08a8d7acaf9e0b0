import { isOneSign, weightedSum } from '../checksums/digits.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { healthNumber, personalNumber } from './numbered.ts';

export function isNhs(digits: string): boolean {
  return !isOneSign(digits) && weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** No check digit: letters that are never used, prefixes that are not given out, a suffix from A to D. */
export function isNino(text: string): boolean {
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/.test(text);
}

/** The first digit checks the other nine. */
export function isUtr(digits: string): boolean {
  return '21987654321'.charAt(weightedSum(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) === digits.charAt(0);
}

/** Seven digits, a letter that checks them and what follows, and perhaps another letter. */
export function isPps(text: string): boolean {
  if (!/^[0-9]{7}[A-W][ABHWTX]?$/.test(text)) return false;
  const second = /[ABH]$/.test(text) && text.length === 9 ? text.charCodeAt(8) - 64 : 0;
  const rest = (weightedSum(text, [8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23;
  return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(rest) === text.charAt(7);
}

export const britainIreland: readonly EntityType[] = [
  healthNumber({
    name: 'gb-nhs',
    title: 'NHS number',
    country: 'GB',
    reference: 'https://www.datadictionary.nhs.uk/attributes/nhs_number.html',
    forms: ['### ### ####', '###-###-####', '##########'],
    checksum: 'mod 11',
    check: isNhs,
    chance: 0.09,
    context: { en: ['nhs', 'nhs number', 'nhs no', 'patient', 'chi number'] },
  }),
  personalNumber({
    name: 'gb-nino',
    title: 'National Insurance number',
    country: 'GB',
    reference: 'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110',
    forms: [layout('AA ## ## ## A', 'telling'), layout('AA-##-##-##-A', 'telling'), layout('AA######A', 'telling')],
    check: isNino,
    chance: 0.09,
    context: { en: ['national insurance', 'national insurance number', 'nino', 'ni number', 'ni no'] },
  }),
  personalNumber({
    name: 'gb-utr',
    title: 'Unique Taxpayer Reference',
    country: 'GB',
    reference: 'https://www.gov.uk/find-utr-number',
    forms: ['##### #####', '##########'],
    checksum: 'mod 11',
    check: isUtr,
    chance: 0.1,
    context: { en: ['utr', 'unique taxpayer reference', 'tax reference', 'self assessment'] },
  }),
  personalNumber({
    name: 'ie-pps',
    title: 'Irish PPS number',
    country: 'IE',
    reference: 'https://www.gov.ie (Social Welfare Consolidation Act 2005, s. 262)',
    forms: ['#######A', '#######AA'],
    checksum: 'mod 23',
    check: isPps,
    chance: 0.03,
    context: { en: ['pps', 'ppsn', 'pps number', 'pps no', 'personal public service'] },
  }),
];
