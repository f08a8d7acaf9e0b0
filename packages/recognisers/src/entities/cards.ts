import { isLuhn } from '../checksums/luhn.ts';
import type { EntityType } from '../entity-type.ts';
import { layouts } from '../form.ts';

// Ranges of issuers and their lengths: ISO/IEC 7812 assigns them, the networks publish theirs.
const issuers: readonly { readonly from: number; readonly to: number; readonly lengths: readonly number[] }[] = [
  { from: 4000, to: 4999, lengths: [13, 16, 19] }, // Visa
  { from: 5100, to: 5599, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16] }, // Mastercard
  { from: 3400, to: 3499, lengths: [15] }, // American Express
  { from: 3700, to: 3799, lengths: [15] },
  { from: 3000, to: 3059, lengths: [14, 16] }, // Diners Club
  { from: 3600, to: 3699, lengths: [14, 16] },
  { from: 3800, to: 3999, lengths: [14, 16] },
  { from: 3528, to: 3589, lengths: [16] }, // JCB
  { from: 6011, to: 6011, lengths: [16, 19] }, // Discover
  { from: 6440, to: 6599, lengths: [16, 19] },
  { from: 6200, to: 6299, lengths: [16, 17, 18, 19] }, // UnionPay
  { from: 5018, to: 5020, lengths: [16] }, // Maestro
  { from: 5893, to: 5893, lengths: [16] },
  { from: 6304, to: 6304, lengths: [16] },
  { from: 6759, to: 6763, lengths: [16, 18, 19] },
  { from: 2200, to: 2204, lengths: [16] }, // Mir
];

/** Luhn's formula, and a length that the issuer of its first four digits has. */
export function isCardNumber(digits: string): boolean {
  const first = Number(digits.slice(0, 4));
  const hasIssuer = issuers.some(
    ({ from, to, lengths }) => first >= from && first <= to && lengths.includes(digits.length),
  );
  return hasIssuer && isLuhn(digits);
}

export const cards: readonly EntityType[] = [
  {
    name: 'credit-card',
    title: 'Number of a payment card',
    countries: [],
    classes: ['pii', 'pci', 'ccpa', 'hipaa', 'financial'],
    hipaa: 'J',
    reference: 'ISO/IEC 7812-1; PCI DSS 4.0',
    forms: layouts(
      '#### #### #### ####',
      '####-####-####-####',
      '#### ###### #####',
      '####-######-#####',
      '#### ###### ####',
      '####-######-####',
      '#### #### #### #### ###',
      '#############',
      '##############',
      '###############',
      '################',
      '##################',
      '###################',
    ),
    checksum: 'luhn',
    check: isCardNumber,
    chance: 0.01,
    prevalence: 100,
    context: {
      en: [
        'card',
        'credit card',
        'debit card',
        'card number',
        'cc',
        'pan',
        'visa',
        'mastercard',
        'amex',
        'american express',
        'maestro',
        'discover',
        'diners',
      ],
      de: ['kreditkarte', 'kartennummer', 'karte'],
      fr: ['carte', 'carte bancaire', 'carte bleue', 'numéro de carte'],
      es: ['tarjeta', 'tarjeta de crédito'],
      it: ['carta di credito', 'carta'],
      pt: ['cartão', 'cartão de crédito'],
      pl: ['karta', 'karty', 'kartą'],
      nl: ['kaartnummer', 'creditcard'],
      ru: ['карта', 'карты', 'номер карты'],
      ja: ['カード番号'],
      zh: ['卡号', '信用卡'],
    },
  },
];
