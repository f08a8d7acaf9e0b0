import { isDay } from '../checksums/calendar.ts';
import { numberAt, weightedSum } from '../checksums/digits.ts';
import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layout } from '../form.ts';
import { companyNumber, healthNumber, personalNumber } from './numbered.ts';

/** Sex, year, month, place, serial number, and what is missing to 97. Corsica's 2A and 2B count as 19 and 18. */
export function isNir(text: string): boolean {
  const digits = text.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');
  if (!/^[1-478][0-9]{14}$/.test(digits)) return false;
  const month = numberAt(digits, 3, 5);
  const hasMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || (month >= 50 && month <= 99);
  return hasMonth && 97 - (Number(digits.slice(0, 13)) % 97) === numberAt(digits, 13, 15);
}

/** Luhn's formula over the whole and over the company's part; the post's branches need a sum that five divides. */
export function isSiret(digits: string): boolean {
  if (digits.startsWith('356000000') && digits !== '35600000000048') {
    return weightedSum(digits, Array<number>(14).fill(1)) % 5 === 0;
  }
  return isLuhn(digits) && isLuhn(digits.slice(0, 9));
}

const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const fiscalForm = /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/;
const written = '0123456789';
const instead = 'LMNPQRSTUV';

function italianDigit(sign: string): string {
  const at = instead.indexOf(sign);
  return at === -1 ? sign : written.charAt(at);
}

/** Letters of the name, year, month, day with the sex, place, and a letter that checks them (DM 23.12.1976). */
export function isCodiceFiscale(text: string): boolean {
  if (!fiscalForm.test(text)) return false;
  const day = Number(Array.from(text.slice(9, 11), italianDigit).join('')) % 40;
  let sum = 0;
  for (let index = 0; index < 15; index++) {
    const code = text.charCodeAt(index);
    const value = code > 57 ? code - 65 : code - 48;
    sum += index % 2 === 0 ? (odd[value] ?? 0) : value;
  }
  return day >= 1 && day <= 31 && sum % 26 === text.charCodeAt(15) - 65;
}

export function isPartitaIva(digits: string): boolean {
  const office = numberAt(digits, 7, 10);
  const hasOffice = (office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office);
  return !digits.startsWith('0000000') && hasOffice && isLuhn(digits);
}

const spanishLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Eight digits, or X, Y, Z and seven, and the letter of the remainder by 23. */
export function isNif(text: string): boolean {
  const first = 'XYZ'.indexOf(text.charAt(0));
  const digits = first === -1 ? text.slice(0, -1) : `${first}${text.slice(1, -1)}`;
  return /^[0-9]{8}$/.test(digits) && spanishLetters.charAt(Number(digits) % 23) === text.slice(-1);
}

/**
 * A letter for the kind of company, seven digits, and a digit or letter after Luhn's formula. Which kinds have which is told
 * differently by different offices: both are taken.
 */
export function isCif(text: string): boolean {
  if (!/^[ABCDEFGHJNPQRSUVW][0-9]{7}[0-9A-J]$/.test(text)) return false;
  const last = text.slice(-1);
  const check = '0123456789'.includes(last) ? last : String('JABCDEFGHI'.indexOf(last));
  return isLuhn(text.slice(1, 8) + check);
}

export function isPortugueseNif(digits: string): boolean {
  const check = 11 - (weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return !digits.startsWith('0') && (check > 9 ? 0 : check) === numberAt(digits, 8, 9);
}

export function isBsn(digits: string): boolean {
  return Number(digits) > 0 && weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** Day of birth, serial number, and what is missing to 97; who is born since 2000 has a 2 before. */
export function isBelgianNumber(digits: string): boolean {
  const nine = digits.slice(0, 9);
  const check = numberAt(digits, 9, 11);
  const day = numberAt(digits, 4, 6);
  const month = numberAt(digits, 2, 4) % 20;
  return [1900, 2000].some((century) => {
    const rest = Number(century === 2000 ? `2${nine}` : nine) % 97;
    const hasDay = isDay(century + numberAt(digits, 0, 2), month, day) || (month === 0 && day <= 31);
    return hasDay && numberAt(digits, 2, 4) < 60 && 97 - rest === check;
  });
}

const tax = { es: ['dni', 'nif', 'documento nacional de identidad', 'número de identificación'], en: ['spanish id'] };

export const romance: readonly EntityType[] = [
  healthNumber({
    name: 'fr-nir',
    title: 'French social security number NIR',
    country: 'FR',
    reference: 'https://www.insee.fr/fr/metadonnees/definition/c1409',
    forms: ['# ## ## ## ### ### ##', '# ## ## #A ### ### ##', '############# ##', '###############', '######A########'],
    checksum: 'mod 97',
    check: isNir,
    chance: 0.0035,
    context: {
      fr: ['nir', 'numéro de sécurité sociale', 'sécurité sociale', 'n° de sécurité sociale', 'insee', 'sécu'],
      en: ['french social security'],
    },
  }),
  companyNumber({
    name: 'fr-siren',
    title: 'French company number SIREN',
    country: 'FR',
    reference: 'https://www.insee.fr/fr/metadonnees/definition/c2047',
    forms: ['### ### ###', '#########'],
    checksum: 'luhn',
    check: isLuhn,
    chance: 0.1,
    context: { fr: ['siren', 'numéro siren', 'rcs'] },
  }),
  companyNumber({
    name: 'fr-siret',
    title: 'French branch number SIRET',
    country: 'FR',
    reference: 'https://www.insee.fr/fr/metadonnees/definition/c1841',
    forms: ['### ### ### #####', '##############'],
    checksum: 'luhn twice',
    check: isSiret,
    chance: 0.01,
    context: { fr: ['siret', 'numéro siret'] },
  }),
  personalNumber({
    name: 'it-codice-fiscale',
    title: 'Italian fiscal code',
    country: 'IT',
    reference: 'DM 23 dicembre 1976; https://www.agenziaentrate.gov.it',
    forms: [layout('AAAAAA**A**A***A', 'telling')],
    checksum: 'mod 26',
    check: isCodiceFiscale,
    chance: 0.0002,
    context: { it: ['codice fiscale', 'cod. fiscale', 'cf', 'c.f.'], en: ['fiscal code'] },
  }),
  companyNumber({
    name: 'it-partita-iva',
    title: 'Italian VAT number',
    country: 'IT',
    reference: 'DPR 633/1972, art. 35; https://www.agenziaentrate.gov.it',
    forms: ['###########', layout('IT###########', 'telling')],
    checksum: 'luhn',
    check: (text) => isPartitaIva(text.replace('IT', '')),
    chance: 0.0104,
    context: { it: ['partita iva', 'p. iva', 'p.iva', 'piva', 'iva'] },
  }),
  personalNumber({
    name: 'es-nif',
    title: 'Spanish tax number of a person (DNI, NIE)',
    country: 'ES',
    reference: 'https://www.interior.gob.es (Real Decreto 1065/2007, art. 19–20)',
    forms: ['########A', '########-A', 'A#######A', 'A-#######-A', '##.###.###-A'],
    checksum: 'mod 23',
    check: isNif,
    chance: 0.04,
    context: { ...tax, 'es-foreign': ['nie', 'número de identidad de extranjero'] },
  }),
  companyNumber({
    name: 'es-cif',
    title: 'Spanish tax number of a company',
    country: 'ES',
    reference: 'Orden EHA/451/2008',
    forms: ['A########', 'A#######A', 'A-########'],
    checksum: 'luhn',
    check: isCif,
    chance: 0.05,
    context: { es: ['cif', 'nif', 'código de identificación fiscal'] },
  }),
  personalNumber({
    name: 'pt-nif',
    title: 'Portuguese tax number NIF',
    country: 'PT',
    reference: 'https://info.portaldasfinancas.gov.pt (Decreto-Lei 14/2013)',
    forms: ['### ### ###', '#########', layout('PT#########', 'telling')],
    checksum: 'mod 11',
    check: (text) => isPortugueseNif(text.replace('PT', '')),
    chance: 0.09,
    context: { pt: ['nif', 'contribuinte', 'número de contribuinte', 'nipc', 'número de identificação fiscal'] },
  }),
  personalNumber({
    name: 'nl-bsn',
    title: 'Dutch citizen service number BSN',
    country: 'NL',
    reference: 'https://www.rvig.nl/bsn (Wet algemene bepalingen burgerservicenummer)',
    forms: ['#########', '####.##.###', '### ### ###'],
    checksum: 'mod 11',
    check: isBsn,
    chance: 0.09,
    context: { nl: ['bsn', 'burgerservicenummer', 'sofinummer', 'sofi', 'bsn-nummer'], en: ['citizen service number'] },
  }),
  personalNumber({
    name: 'be-rijksregisternummer',
    title: 'Belgian national number',
    country: 'BE',
    reference: 'https://www.ibz.rrn.fgov.be',
    forms: [layout('##.##.##-###.##', 'telling'), '######-###-##', '###### ### ##', '###########'],
    checksum: 'date, mod 97',
    check: isBelgianNumber,
    chance: 0.0024,
    context: {
      nl: ['rijksregisternummer', 'rijksregister', 'insz', 'rrn', 'bis-nummer', 'nationaal nummer'],
      fr: ['numéro national', 'numero national', 'registre national', 'niss', 'numéro de registre national'],
      de: ['nationalregisternummer'],
    },
  }),
];
