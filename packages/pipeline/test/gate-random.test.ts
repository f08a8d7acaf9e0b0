import { decideGate } from '@holdfast/policy';
import { expect, test } from 'vitest';
import { allowedQuestion, askMany, mustAllow, seeded } from './gate-random.ts';

test('random evidence is allowed exactly when plain rules say so, and never without the whole set', {
  timeout: 60_000,
}, async () => {
  const tally = askMany(await allowedQuestion(), 1_000_000, 3000);
  // both answers must be met often enough for the comparison to mean something
  expect(tally.allowed).toBeGreaterThan(1000);
  expect(tally.denied).toBeGreaterThan(1000);
  expect(tally.incomplete).toBeGreaterThan(400);
});

test('every subset of the evidence: only the whole is allowed', async () => {
  const base = await allowedQuestion();
  const { evidence } = base.view;
  expect(evidence).toHaveLength(7);
  for (let subset = 0; subset < 2 ** evidence.length; subset++) {
    const view = { ...base.view, evidence: evidence.filter((_, at) => (subset & (2 ** at)) !== 0) };
    const { allowed } = decideGate({ ...base, view }).decision;
    expect([subset, allowed]).toEqual([subset, subset === 2 ** evidence.length - 1]);
    expect(mustAllow({ ...base, view })).toBe(allowed);
  }
});

test('the order of the evidence does not open the gate', async () => {
  const base = await allowedQuestion();
  for (let seed = 0; seed < 50; seed++) {
    const random = seeded(seed);
    const shuffled = base.view.evidence
      .map((piece) => ({ piece, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ piece }, index) => ({ ...piece, index }));
    expect(decideGate({ ...base, view: { ...base.view, evidence: shuffled } }).decision.allowed).toBe(true);
    expect(decideGate({ ...base, view: { ...base.view, evidence: shuffled.slice(1) } }).decision.allowed).toBe(false);
  }
});
