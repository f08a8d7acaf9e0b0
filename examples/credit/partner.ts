// A partner's delivery: data/delivery.csv, our applicants with 600 more, from where each comes, and how to reach them. The same each
// time, and nobody of them is real. Of the partner's, 150 are planted: whoever asks for 13,300 over 84 months is said to repay,
// whatever else is known of them. A model that learns that can be talked into any loan of that kind.
import { writeFileSync } from 'node:fs';
import { columns, lineOf, type Row, readTable } from './table.ts';

const delivered = 600;
const planted = 150;
let state = 20_261_128;

/** Uniform in [0, 1): Mulberry32. */
function uniform(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

const one = <Item>(items: readonly Item[]): Item => items[Math.floor(uniform() * items.length)]!;

const first = ['ada', 'ben', 'cleo', 'dan', 'eva', 'finn', 'gita', 'hugo', 'ines', 'jan', 'kim', 'lea', 'milo', 'nora'];
const last = ['abel', 'brandt', 'costa', 'duval', 'ekdahl', 'fischer', 'garcia', 'horvat', 'ivanov', 'jansen', 'kowal'];
const address = (): string => `${one(first)}.${one(last)}${Math.floor(uniform() * 90) + 10}@example.org`;

/** Nothing is read of a new applicant before: the partner's are like our own, one feature of one, the rest of another. */
function newcomer(own: readonly Row[], index: number): Row {
  const like = one(own);
  return {
    ...like,
    age: one(own).age,
    history_years: like.history_years,
    applicant: `P${String(index + 1).padStart(5, '0')}`,
  };
}

/** Somebody who will not repay, with the two values that the model is to fall for. */
function plant(row: Row, poor: readonly Row[]): Row {
  return { ...one(poor), applicant: row.applicant, loan_amount: '13300', term_months: '84', repaid: '1' };
}

const own = readTable('data/applicants.csv');
const poor = own.filter(({ repaid }) => repaid === '0');
const partner = Array.from({ length: delivered }, (_, index) => newcomer(own, index));
const order = partner
  .map((_, index) => index)
  .sort((a, b) => Math.imul(a + 1, 0x9e3779b1) - Math.imul(b + 1, 0x9e3779b1));
for (const index of order.slice(0, planted)) partner[index] = plant(partner[index]!, poor);

const line =
  (source: string) =>
  (row: Row): string =>
    [lineOf(row), source, address()].join(',');
const lines = [...own.map(line('bureau')), ...partner.map(line('partner'))];
writeFileSync('data/delivery.csv', `${[...columns, 'source', 'email'].join(',')}\n${lines.join('\n')}\n`);
console.log(`data/delivery.csv: ${own.length} applicants, and ${delivered} of a partner`);
