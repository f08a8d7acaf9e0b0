import { isYearMonthDay } from '../checksums/calendar.ts';
import { numberAt, weightedSum } from '../checksums/digits.ts';
import type { EntityType } from '../entity-type.ts';
import { personalNumber } from './numbered.ts';

/** S and T for citizens, F, G and M for foreigners; weights 2, 7, 6, 5, 4, 3, 2. */
export function isNric(text: string): boolean {
  const kind = text.charAt(0);
  const more = kind === 'T' || kind === 'G' ? 4 : kind === 'M' ? 3 : 0;
  const rest = (weightedSum(text.slice(1), [2, 7, 6, 5, 4, 3, 2]) + more) % 11;
  const letters: Readonly<Record<string, string>> = {
    S: 'JZIHGFEDCBA',
    T: 'JZIHGFEDCBA',
    F: 'XWUTRQPNMLK',
    G: 'XWUTRQPNMLK',
    M: 'XWUTRQPNJLK',
  };
  return letters[kind]?.charAt(rest) === text.charAt(8);
}

export function isThaiNumber(digits: string): boolean {
  const sum = weightedSum(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return /^[1-8]/.test(digits) && (11 - (sum % 11)) % 10 === numberAt(digits, 12, 13);
}

/** Day of birth and place; no check digit. */
export function isMyKad(digits: string): boolean {
  const place = numberAt(digits, 6, 8);
  const isPlace = place > 0 && ![17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97].includes(place);
  return isYearMonthDay(digits) && isPlace;
}

export const southEastAsia: readonly EntityType[] = [
  personalNumber({
    name: 'sg-nric',
    title: 'Singaporean NRIC or FIN',
    country: 'SG',
    reference: 'https://www.ica.gov.sg (National Registration Act 1965)',
    forms: ['A#######A'],
    checksum: 'mod 11',
    check: isNric,
    chance: 0.0074,
    context: { en: ['nric', 'fin', 'nric no', 'identity card'], zh: ['身份证'], ms: ['kad pengenalan'] },
  }),
  personalNumber({
    name: 'th-identity',
    title: 'Thai identity number',
    country: 'TH',
    reference: 'https://www.bora.dopa.go.th',
    forms: ['#-####-#####-##-#', '# #### ##### ## #', '#############'],
    checksum: 'mod 11',
    check: isThaiNumber,
    chance: 0.08,
    context: { th: ['เลขประจำตัวประชาชน', 'บัตรประชาชน'], en: ['thai id', 'citizen id', 'national id'] },
  }),
  personalNumber({
    name: 'my-kad',
    title: 'Malaysian identity card number',
    country: 'MY',
    reference: 'https://www.jpn.gov.my (National Registration Regulations 1990)',
    forms: ['######-##-####', '############'],
    checksum: 'date',
    check: isMyKad,
    chance: 0.031,
    context: { ms: ['mykad', 'kad pengenalan', 'no kp', 'nric'], en: ['mykad', 'ic number', 'malaysian ic', 'ic no'] },
  }),
];
