import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { worstCase } from '../../src/hardening/adversary.ts';
import { pgdAt } from '../../src/hardening/methods/pgd-at.ts';
import { schedule } from '../../src/hardening/schedule.ts';
import { train } from '../../src/hardening/train.ts';
import { predictions } from '../../src/victim.ts';
import { recorded } from '../corpus.ts';
import { digits, fileOf, trainableOf } from './network.ts';

/** PyTorch 2.15 by corpus/record_training.py: the same weights to begin with, samples, steps and measure. */
const { recipe, runs } = recorded('digits-cnn', 'recipe') as {
  readonly recipe: { epochs: number; batch: number; rate: number; epsilon: number; steps: number; stepSize: number };
  readonly runs: readonly { readonly clean: number; readonly robust: number; readonly cpuSeconds: number }[];
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('the recipe of PyTorch gives its robust accuracy within a point', { timeout: 600_000 }, async () => {
  const threat = { ball: { norm: 'linf', epsilon: recipe.epsilon }, bounds: { low: 0, high: 1 } } as const;
  const test = digits('test');
  const found = [];
  for (const [seed] of runs.entries()) {
    const trainable = await trainableOf(fileOf('digits-cnn.export-18'));
    const method = pgdAt({ ...threat, steps: recipe.steps, stepSize: recipe.stepSize });
    const rate = schedule('cosine', recipe.rate);
    const cpu = process.cpuUsage();
    const { epochs, batch } = recipe;
    await train(trainable, digits('train'), randomOf(seed), { epochs, batch, rate, method });
    const { user, system } = process.cpuUsage(cpu);
    const right = async (x: Float32Array): Promise<number> => {
      const classes = predictions(await trainable.logits(x), 10);
      return classes.filter((label, row) => label === test.labels[row]).length / test.labels.length;
    };
    const adversary = { ...threat, steps: 40, stepSize: recipe.epsilon / 16 };
    const changed = await worstCase(trainable, test.x, test.labels, adversary, randomOf(seed));
    found.push({ clean: await right(test.x), robust: await right(changed), cpuSeconds: (user + system) / 1e6 });
    await trainable.release();
  }
  const of = (all: readonly Readonly<Record<'clean' | 'robust' | 'cpuSeconds', number>>[]) => ({
    clean: mean(all.map(({ clean }) => clean)),
    robust: mean(all.map(({ robust }) => robust)),
    cpuSeconds: mean(all.map(({ cpuSeconds }) => cpuSeconds)),
  });
  console.log(JSON.stringify({ ours: of(found), pytorch: of(runs) }));
  expect(Math.abs(of(found).robust - of(runs).robust)).toBeLessThan(0.01);
  expect(Math.abs(of(found).clean - of(runs).clean)).toBeLessThan(0.01);
});
