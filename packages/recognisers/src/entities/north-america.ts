import { isDayOfEither } from '../checksums/calendar.ts';
import { isOneSign, numberAt, weightedSum } from '../checksums/digits.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { companyNumber, healthNumber, licenceNumber, personalNumber } from './numbered.ts';

// Printed on a sample card and in advertisements, and void since (ssa.gov/history/ssn/misused.html).
const voided = new Set(['078051120', '219099999', '457555462']);

/** No check digit: areas, groups and serial numbers that are never given out. */
export function isSsn(digits: string): boolean {
  const area = numberAt(digits, 0, 3);
  return (
    area > 0 &&
    area < 900 &&
    area !== 666 &&
    !digits.startsWith('00', 3) &&
    !digits.endsWith('0000') &&
    !voided.has(digits) &&
    !isOneSign(digits)
  );
}

export function isItin(digits: string): boolean {
  const group = numberAt(digits, 3, 5);
  return (
    digits.startsWith('9') &&
    ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93))
  );
}

/** Luhn's formula over the number with 80840 before it (ISO 7812 for health, USA). */
export function isNpi(digits: string): boolean {
  return /^[12]/.test(digits) && isLuhn(`80840${digits}`);
}

/** The kind of registrant and the first letter of the name, six digits, check digit: odd places and twice the even ones. */
export function isDea(text: string): boolean {
  return (
    /^[ABCDEFGHJKLMPRSTUX]/.test(text) && weightedSum(text.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === numberAt(text, 8, 9)
  );
}

/** Districts of the Federal Reserve, thrift institutions, electronic ones and cheques; weights 3, 7, 1. */
export function isRoutingNumber(digits: string): boolean {
  const district = numberAt(digits, 0, 2);
  const isDistrict =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
  return isDistrict && Number(digits) > 0 && weightedSum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

export function isSin(digits: string): boolean {
  return !/^[08]/.test(digits) && isLuhn(digits);
}

const curpAlphabet = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ';
const states =
  'AS BC BS CC CS CH CL CM DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE'.split(' ');

/** Letters of the names, day of birth, sex, state, consonants, sign of the century, check digit. */
export function isCurp(text: string): boolean {
  if (!/^[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]$/.test(text)) return false;
  if (!states.includes(text.slice(11, 13))) return false;
  if (!isDayOfEither(numberAt(text, 4, 6), numberAt(text, 6, 8), numberAt(text, 8, 10))) return false;
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += curpAlphabet.indexOf(text.charAt(index)) * (18 - index);
  return (10 - (sum % 10)) % 10 === numberAt(text, 17, 18);
}

const rfcAlphabet = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';

/** Letters of the names, day of birth or foundation, two signs against doubles, a sign of check. */
export function isRfc(text: string): boolean {
  const padded = text.padStart(13, ' ');
  if (!/^[A-Z ][A-Z]{3}[0-9]{6}[1-9A-V][1-9A-Z][0-9A]$/.test(padded)) return false;
  if (!isDayOfEither(numberAt(padded, 4, 6), numberAt(padded, 6, 8), numberAt(padded, 8, 10))) return false;
  let sum = 0;
  for (let index = 0; index < 12; index++) sum += rfcAlphabet.indexOf(padded.charAt(index)) * (13 - index);
  const rest = (11 - (sum % 11)) % 11;
  return (rest === 10 ? 'A' : String(rest)) === padded.charAt(12);
}

export const northAmerica: readonly EntityType[] = [
  personalNumber({
    name: 'us-ssn',
    title: 'Social Security number',
    country: 'US',
    reference: 'https://www.ssa.gov/employer/randomization.html',
    forms: [layout('###-##-####', 'telling'), '### ## ####', '#########'],
    check: isSsn,
    chance: 0.89,
    context: {
      en: ['ssn', 'social security', 'social security number', 'social security no', 'soc sec', 'ss#', 'ssns'],
      es: ['seguro social', 'número de seguro social'],
    },
  }),
  personalNumber({
    name: 'us-itin',
    title: 'Individual taxpayer identification number',
    country: 'US',
    reference: 'https://www.irs.gov/tin/itin/individual-taxpayer-identification-number-itin',
    forms: [layout('9##-##-####', 'telling'), '9## ## ####', layout('9########', 'bare')],
    check: isItin,
    chance: 0.44,
    context: { en: ['itin', 'individual taxpayer', 'taxpayer identification', 'taxpayer id'] },
  }),
  licenceNumber({
    name: 'us-npi',
    title: 'National Provider Identifier',
    country: 'US',
    reference: '45 CFR 162.406; https://www.cms.gov (NPI check digit)',
    forms: ['##########'],
    checksum: 'luhn',
    check: isNpi,
    chance: 0.02,
    context: { en: ['npi', 'national provider identifier', 'national provider', 'provider number'] },
  }),
  licenceNumber({
    name: 'us-dea',
    title: 'DEA registration number',
    country: 'US',
    reference: '21 CFR 1301; https://www.deadiversion.usdoj.gov',
    forms: ['AA#######'],
    checksum: 'mod 10',
    check: isDea,
    chance: 0.07,
    context: { en: ['dea', 'dea number', 'dea no', 'dea registration', 'prescriber'] },
  }),
  healthNumber({
    name: 'us-mbi',
    title: 'Medicare beneficiary identifier',
    country: 'US',
    reference: 'https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-with-format.pdf',
    forms: [layout('#A*#-A*#-AA##', 'telling'), layout('#A*#A*#AA##')],
    check: (text) =>
      /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}$/.test(
        text,
      ),
    chance: 0.16,
    context: { en: ['medicare', 'mbi', 'beneficiary'] },
  }),
  companyNumber({
    name: 'us-routing',
    title: 'ABA routing transit number',
    country: 'US',
    reference: 'ABA Key to Routing Numbers; X9.100',
    forms: ['#########', '####-####-#'],
    checksum: 'weights 3, 7, 1',
    check: isRoutingNumber,
    chance: 0.038,
    context: { en: ['routing', 'routing number', 'aba', 'rtn', 'routing transit'] },
  }),
  companyNumber({
    name: 'us-ein',
    title: 'Employer identification number',
    country: 'US',
    reference:
      'https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes',
    forms: ['##-#######'],
    check: (digits) => !/^(?:00|07|08|09|17|18|19|28|29|49|69|70|78|79|89|96|97)/.test(digits),
    chance: 0.83,
    context: { en: ['ein', 'employer identification', 'employer id', 'fein', 'federal tax id', 'tax id'] },
  }),
  personalNumber({
    name: 'ca-sin',
    title: 'Canadian social insurance number',
    country: 'CA',
    reference: 'https://www.canada.ca/en/employment-social-development/services/sin.html',
    forms: ['### ### ###', '###-###-###', '#########'],
    checksum: 'luhn',
    check: isSin,
    chance: 0.08,
    context: {
      en: ['sin', 'social insurance', 'social insurance number', 'sin number'],
      fr: ['nas', "numéro d'assurance sociale", 'assurance sociale'],
    },
  }),
  personalNumber({
    name: 'mx-curp',
    title: 'Mexican population code CURP',
    country: 'MX',
    reference: 'https://www.gob.mx/curp (DOF 18/10/2021)',
    forms: [layout('AAAA######AAAAAA*#', 'telling')],
    checksum: 'date, mod 10',
    check: isCurp,
    chance: 5e-5,
    context: { es: ['curp', 'clave única de registro'] },
  }),
  personalNumber({
    name: 'mx-rfc',
    title: 'Mexican taxpayer code RFC',
    country: 'MX',
    reference: 'https://www.sat.gob.mx (RFC)',
    forms: [
      layout('AAAA######***', 'telling'),
      layout('AAA######***', 'telling'),
      layout('AAAA-######-***', 'telling'),
    ],
    checksum: 'date, mod 11',
    check: isRfc,
    chance: 0.001,
    context: { es: ['rfc', 'registro federal de contribuyentes'] },
  }),
];
