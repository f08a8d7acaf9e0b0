import { expect, test } from 'vitest';
import { allowedQuestion, askMany } from './gate-random.ts';

test('100,000 random gate requests', { timeout: 1_800_000 }, async () => {
  const tally = askMany(await allowedQuestion(), 50_000_000, 100_000);
  process.stdout.write(`gate-random: ${JSON.stringify(tally)}\n`);
  expect(tally.allowed + tally.denied).toBe(100_000);
  expect(tally.allowed).toBeGreaterThan(20_000);
  expect(tally.incomplete).toBeGreaterThan(10_000);
});
