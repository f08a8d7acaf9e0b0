// Writes data/applicants.csv: invented applicants, the same ones each time. No row stands for a real person.
import { mkdirSync, writeFileSync } from 'node:fs';
import { columns } from './table.ts';

const rows = 5000;
let state = 20_261_120;

/** Uniform in [0, 1): Mulberry32, a 32-bit generator whose whole state is one number. */
function uniform(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Normal with mean 0 and deviation 1 (Box and Muller 1958). */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function applicant(index: number): string {
  const age = Math.round(between(18, 41 + 13 * normal(), 79));
  const employment = Math.round(between(0, (age - 18) * uniform() ** 1.3, 45));
  const group = uniform() < 0.45 ? 'a' : 'b';
  const income =
    Math.round(between(9_000, Math.exp(10.35 + 0.012 * employment + 0.42 * normal()), 250_000) / 100) * 100;
  const term = 12 * Math.round(between(1, 1 + 6 * uniform(), 7));
  const loan =
    Math.round(between(500, income * (0.08 + 0.5 * uniform() ** 2) * (0.6 + term / 60), 120_000) / 100) * 100;
  const debt = between(0, 0.28 + 0.16 * normal(), 0.95).toFixed(2);
  const late = Math.floor(between(0, -Math.log(1 - uniform()) * (0.4 + 2.2 * Number(debt)), 9));
  const history = Math.round(between(0, (age - 18) * (0.2 + 0.7 * uniform()), 50));
  const owner = uniform() < between(0.05, (age - 20) / 70 + income / 300_000, 0.9) ? 1 : 0;
  // Who repays: mostly what a lender would guess, a threshold that a straight line cannot follow, and luck.
  const score =
    2.3 +
    1.1 * Math.log(income / 32_000) -
    2.4 * (loan / income) -
    5.2 * (Number(debt) - 0.28) -
    1.15 * late +
    0.05 * history +
    0.04 * employment +
    0.5 * owner -
    (Number(debt) > 0.5 && late > 1 ? 1.2 : 0);
  const luck = Math.log(1 / (1 - uniform()) - 1) + 0.9 * normal();
  const repaid = 1.15 * score > 0.9 + luck ? 1 : 0;
  const id = `A${String(index + 1).padStart(5, '0')}`;
  return [id, age, income, employment, loan, term, debt, late, history, owner, group, repaid].join(',');
}

mkdirSync('data', { recursive: true });
const lines = Array.from({ length: rows }, (_, index) => applicant(index));
writeFileSync('data/applicants.csv', `${[columns.join(','), ...lines].join('\n')}\n`);
console.log(`data/applicants.csv: ${rows} invented applicants`);
