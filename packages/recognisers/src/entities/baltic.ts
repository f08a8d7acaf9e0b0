import { isDay, isDayOfEither } from '../checksums/calendar.ts';
import { numberAt, weightedSum } from '../checksums/digits.ts';
import type { EntityType } from '../entity-type.ts';
import { personalNumber } from './numbered.ts';

/** Estonia and Lithuania: century and sex, day of birth, and a check digit with a second row of weights. */
export function isBalticCode(digits: string): boolean {
  const century = numberAt(digits, 0, 1);
  const year = 1800 + Math.floor((century - 1) / 2) * 100 + numberAt(digits, 1, 3);
  if (century < 1 || century > 8 || !isDay(year, numberAt(digits, 3, 5), numberAt(digits, 5, 7))) return false;
  const first = weightedSum(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const rest = first < 10 ? first : weightedSum(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return rest % 10 === numberAt(digits, 10, 11);
}

/** Latvia: day of birth and a check digit; since 2017 numbers begin with 32 and say nothing. */
export function isPersonasKods(digits: string): boolean {
  if (digits.startsWith('32')) return true;
  const day = numberAt(digits, 0, 2);
  const hasDay = numberAt(digits, 6, 7) <= 2 && isDayOfEither(numberAt(digits, 4, 6), numberAt(digits, 2, 4), day);
  const check = (1 + weightedSum(digits, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11;
  return hasDay && check % 10 === numberAt(digits, 10, 11);
}

export const baltic: readonly EntityType[] = [
  personalNumber({
    name: 'ee-isikukood',
    title: 'Estonian personal code',
    country: 'EE',
    reference: 'EVS 585:2007; https://www.siseministeerium.ee',
    forms: ['###########'],
    checksum: 'date, two-step mod 11',
    check: isBalticCode,
    chance: 0.003,
    context: { et: ['isikukood', 'isikukoodi'], en: ['estonian personal code'] },
  }),
  personalNumber({
    name: 'lt-asmens-kodas',
    title: 'Lithuanian personal code',
    country: 'LT',
    reference: 'https://www.registrucentras.lt',
    forms: ['###########'],
    checksum: 'date, two-step mod 11',
    check: isBalticCode,
    chance: 0.003,
    context: { lt: ['asmens kodas', 'asmens kodo', 'ak'], en: ['lithuanian personal code'] },
  }),
  personalNumber({
    name: 'lv-personas-kods',
    title: 'Latvian personal code',
    country: 'LV',
    reference: 'https://www.pmlp.gov.lv/en/personal-identity-number',
    forms: ['######-#####', '###########'],
    checksum: 'date, mod 11',
    check: isPersonasKods,
    chance: 0.011,
    context: { lv: ['personas kods', 'personas koda', 'pk'], en: ['latvian personal code'] },
  }),
];
