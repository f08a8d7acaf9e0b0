import { isDay } from '../checksums/calendar.ts';
import { isOneSign, numberAt, weightedSum } from '../checksums/digits.ts';
import { isMod11And2 } from '../checksums/iso7064.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { personalNumber } from './numbered.ts';

const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

/** Province, place, day of birth, serial number, ISO 7064 MOD 11-2 (GB 11643-1999). */
export function isResidentIdentity(text: string): boolean {
  const year = numberAt(text, 6, 10);
  return (
    /^[0-9]{17}[0-9X]$/.test(text) &&
    provinces.has(text.slice(0, 2)) &&
    year >= 1850 &&
    year <= 2100 &&
    isDay(year, numberAt(text, 10, 12), numberAt(text, 12, 14)) &&
    isMod11And2(text)
  );
}

export function isMyNumber(digits: string): boolean {
  const rest = weightedSum(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return !isOneSign(digits) && (rest < 2 ? 0 : 11 - rest) === numberAt(digits, 11, 12);
}

/** Day of birth, sex and century, and a check digit; numbers given out since October 2020 need not have it. */
export function isResidentRegistration(digits: string): boolean {
  const century = '12560'.includes(digits.charAt(6)) ? 1900 : '3478'.includes(digits.charAt(6)) ? 2000 : 1800;
  return (
    isDay(century + numberAt(digits, 0, 2), numberAt(digits, 2, 4), numberAt(digits, 4, 6)) &&
    digits.charAt(6) !== '0' &&
    (11 - (weightedSum(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === numberAt(digits, 12, 13)
  );
}

export const eastAsia: readonly EntityType[] = [
  personalNumber({
    name: 'cn-resident-identity',
    title: 'Chinese resident identity number',
    country: 'CN',
    reference: 'GB 11643-1999',
    forms: ['##################', layout('#################A', 'grouped')],
    checksum: 'date, ISO 7064 MOD 11-2',
    check: isResidentIdentity,
    chance: 0.0001,
    context: {
      zh: ['身份证', '身份證', '公民身份号码', '身份证号'],
      en: ['resident identity', 'chinese id', 'id card'],
    },
  }),
  personalNumber({
    name: 'jp-my-number',
    title: 'Japanese individual number',
    country: 'JP',
    reference: '平成二十六年総務省令第八十五号 (My Number check digit)',
    forms: ['#### #### ####', '####-####-####', '############'],
    checksum: 'mod 11',
    check: isMyNumber,
    chance: 0.1,
    context: { ja: ['マイナンバー', '個人番号'], en: ['my number', 'individual number'] },
  }),
  personalNumber({
    name: 'kr-rrn',
    title: 'Korean resident registration number',
    country: 'KR',
    reference: '주민등록법 시행규칙 제2조',
    forms: ['######-#######', '#############'],
    checksum: 'date, mod 11',
    check: isResidentRegistration,
    chance: 0.0033,
    context: {
      ko: ['주민등록번호', '주민번호', '외국인등록번호'],
      en: ['rrn', 'resident registration number', 'resident registration'],
    },
  }),
];
