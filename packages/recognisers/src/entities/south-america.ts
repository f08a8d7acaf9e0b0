import { isOneSign, numberAt, weightedSum } from '../checksums/digits.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { companyNumber, personalNumber } from './numbered.ts';

function checkDigit(sum: number): number {
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
}

export function isCpf(digits: string): boolean {
  return (
    !isOneSign(digits) &&
    checkDigit(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) === numberAt(digits, 9, 10) &&
    checkDigit(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) === numberAt(digits, 10, 11)
  );
}

/** Letters are allowed since July 2026, and count as their code less 48 (Instrução Normativa RFB 2.229/2024). */
export function isCnpj(text: string): boolean {
  return (
    !isOneSign(text) &&
    /^[0-9A-Z]{12}[0-9]{2}$/.test(text) &&
    checkDigit(weightedSum(text, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === numberAt(text, 12, 13) &&
    checkDigit(weightedSum(text, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === numberAt(text, 13, 14)
  );
}

export function isRut(text: string): boolean {
  const body = text.slice(0, -1);
  if (!/^[0-9]{7,8}$/.test(body)) return false;
  const rest = 11 - (weightedSum(body.padStart(8, '0'), [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)) === text.slice(-1);
}

export function isCuit(digits: string): boolean {
  const check = 11 - (weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (
    /^(?:20|23|24|27|30|33|34|50|51|55)/.test(digits) &&
    (check === 11 ? 0 : check === 10 ? 9 : check) === numberAt(digits, 10, 11)
  );
}

/** Province from 01 to 24, or 30 and 50 abroad; the third digit at most 6; Luhn's formula. */
export function isCedula(digits: string): boolean {
  const province = numberAt(digits, 0, 2);
  const hasProvince = (province >= 1 && province <= 24) || province === 30 || province === 50;
  return hasProvince && numberAt(digits, 2, 3) <= 6 && isLuhn(digits);
}

export const southAmerica: readonly EntityType[] = [
  personalNumber({
    name: 'br-cpf',
    title: 'Brazilian taxpayer number CPF',
    country: 'BR',
    reference: 'https://www.gov.br/receitafederal (IN RFB 2.172/2024)',
    forms: [layout('###.###.###-##', 'telling'), '#########-##', '###########'],
    checksum: 'two mod 11',
    check: isCpf,
    chance: 0.01,
    context: { pt: ['cpf', 'cadastro de pessoas físicas', 'cadastro de pessoa física'] },
  }),
  companyNumber({
    name: 'br-cnpj',
    title: 'Brazilian company number CNPJ',
    country: 'BR',
    reference: 'https://www.gov.br/receitafederal (IN RFB 2.229/2024)',
    forms: [layout('@@.@@@.@@@/@@@@-##', 'telling'), '##############', layout('@@@@@@@@@@@@##', 'bare')],
    checksum: 'two mod 11',
    check: isCnpj,
    chance: 0.01,
    context: { pt: ['cnpj', 'cadastro nacional da pessoa jurídica'] },
  }),
  personalNumber({
    name: 'cl-rut',
    title: 'Chilean RUT or RUN',
    country: 'CL',
    reference: 'https://www.registrocivil.cl (Ley 19.477)',
    forms: [
      layout('##.###.###-*', 'telling'),
      layout('#.###.###-*', 'telling'),
      '########-*',
      '#######-*',
      '#########',
      '########A',
    ],
    checksum: 'mod 11',
    check: isRut,
    chance: 0.034,
    context: { es: ['rut', 'run', 'rol único tributario', 'rol único nacional', 'cédula de identidad'] },
  }),
  personalNumber({
    name: 'ar-cuit',
    title: 'Argentine CUIT or CUIL',
    country: 'AR',
    reference: 'https://www.afip.gob.ar (RG 10/1997)',
    forms: ['##-########-#', '###########'],
    checksum: 'mod 11',
    check: isCuit,
    chance: 0.0095,
    context: { es: ['cuit', 'cuil', 'clave única de identificación'] },
  }),
  personalNumber({
    name: 'ec-cedula',
    title: 'Ecuadorian identity number',
    country: 'EC',
    reference: 'https://www.registrocivil.gob.ec',
    forms: ['#########-#', '##########'],
    checksum: 'luhn',
    check: isCedula,
    chance: 0.018,
    context: { es: ['cédula', 'cedula', 'cédula de identidad', 'ci'] },
  }),
];
