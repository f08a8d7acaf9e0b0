import { entityTypes } from '../src/index.ts';
import { type RandomSigns, randomSigns } from './random-signs.ts';
import { recorded } from './recorded.ts';

/** A text, and what of whom stands where. */
export interface Labelled {
  readonly text: string;
  /** What was said of it from outside: the name of a column. */
  readonly context?: string;
  readonly labels: readonly { readonly type: string; readonly start: number; readonly end: number }[];
}

/** Values by type, as the peers made them. */
export function valuesByType(): Map<string, readonly string[]> {
  const numbers = Object.entries(recorded.numbers).map(([type, { valid }]): [string, readonly string[]] => [
    type,
    valid,
  ]);
  return new Map([
    ...numbers,
    ...Object.entries(recorded.made),
    ['github-token', recorded.githubTokens.map((halves) => halves.join(''))],
  ]);
}

/** Numbers that are nobody's: of orders, of time, hashes, identifiers, measurements. */
function nobodys(random: RandomSigns): string {
  const hexadecimal = (count: number): string =>
    Array.from({ length: count }, () => random.pick('0123456789abcdef')).join('');
  const year = 2000 + random.below(26);
  const two = (below: number): string => String(1 + random.below(below)).padStart(2, '0');
  const day = `${year}-${two(12)}-${two(28)}`;
  return random.pick([
    `order ${random.some('#', 8 + random.below(6))}`,
    `invoice no. ${year}/${random.some('#', 6)}`,
    `at ${day}T${two(23)}:${two(59)}:${two(59)}.${random.some('#', 3)}Z`,
    `epoch ${1_600_000_000 + random.below(200_000_000)}`,
    `epoch ms ${1_600_000_000_000 + random.below(2_000_000_000)}`,
    `sha256 ${hexadecimal(64)}`,
    `commit ${hexadecimal(40)}`,
    `${hexadecimal(8)}-${hexadecimal(4)}-4${hexadecimal(3)}-a${hexadecimal(3)}-${hexadecimal(12)}`,
    `0.${random.some('#', 16)}`,
    `-${random.some('#', 2)}.${random.some('#', 9)}`,
    `version ${random.below(20)}.${random.below(40)}.${random.below(100)}`,
    `${random.some('#', 3)},${random.some('#', 3)},${random.some('#', 3)}.00 USD`,
    `rows ${random.some('#', 5)}-${random.some('#', 5)}`,
    `SKU ${random.some('A', 3)}-${random.some('#', 5)}`,
    `tracking ${random.some('A', 2)}${random.some('#', 9)}${random.some('A', 2)}`,
    `ratio ${random.some('#', 1)}.${random.some('#', 6)}e-${two(12)}`,
  ]);
}

const filler = [
  'The shipment left the warehouse on time.',
  'Wir danken für Ihre Nachricht.',
  'Merci de votre commande.',
  'Nothing else was noted.',
  'Ver detalles abajo.',
];

/** A sentence, a record of JSON, a row of a form and a cell of a table for every value, each with a word that goes with it. */
export function labelledCorpus(): Labelled[] {
  const random = randomSigns('corpus of recognisers');
  const documents: Labelled[] = [];
  for (const [type, values] of valuesByType()) {
    const words = Object.values(entityTypes.find(({ name }) => name === type)?.context ?? {}).map(
      ([first]) => first ?? '',
    );
    for (const [index, value] of values.entries()) {
      const word = words.length === 0 ? '' : random.pick(words);
      const frames: readonly (readonly [string, string])[] = [
        [`${random.pick(filler)} ${nobodys(random)}. ${word}: `, `. ${nobodys(random)}; ${random.pick(filler)}`],
        [
          `{"id": ${random.some('#', 7)}, "note": "${nobodys(random)}", "${word}": "`,
          `", "at": "2024-03-01T10:00:00Z"}`,
        ],
        [`| ${nobodys(random)} |\n| ${word} | `, ` |\n| ${nobodys(random)} |`],
        ['', ''],
      ];
      const [before, after] = frames[index % frames.length]!;
      const labels = [{ type, start: before.length, end: before.length + value.length }];
      const text = `${before}${value}${after}`;
      documents.push(index % 4 === 3 ? { text, labels, context: word } : { text, labels });
    }
  }
  return documents;
}

/** Texts in which nothing is anybody's. */
export function emptyCorpus(count: number): string[] {
  const random = randomSigns('nobody');
  return Array.from(
    { length: count },
    () => `${random.pick(filler)} ${nobodys(random)}, ${nobodys(random)}\n${nobodys(random)}`,
  );
}
