import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ScheduleName, schedule } from '../../src/hardening/schedule.ts';
import { corpus } from '../corpus.ts';

/** torch.optim.lr_scheduler of PyTorch 2.15, by corpus/record_training.py. */
const recorded = JSON.parse(readFileSync(join(corpus, 'recorded/schedules.json'), 'utf8')) as {
  readonly steps: number;
  readonly rates: Readonly<Record<Exclude<ScheduleName, 'constant'>, readonly number[]>>;
};

it.each(Object.entries(recorded.rates))('%s goes as in PyTorch', (name, rates) => {
  const rate = schedule(name as ScheduleName, 0.5);
  // OneCycleLR turns a step before three tenths are over: its peak lies on a step, ours on the share
  const nearly = name === 'one-cycle' ? 0.03 : 1e-6;
  for (const [step, wanted] of rates.entries()) {
    expect(Math.abs(rate(step / recorded.steps) - 0.5 * wanted), `step ${step}`).toBeLessThan(nearly);
  }
});

it('a constant rate is one', () => {
  expect([0, 0.3, 1].map(schedule('constant', 0.01))).toEqual([0.01, 0.01, 0.01]);
});
