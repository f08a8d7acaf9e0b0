import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { follow } from '../../src/hardening/course.ts';
import { heldOut, scores } from '../../src/hardening/held-out.ts';
import type { Method } from '../../src/hardening/methods/method.ts';
import { pgdAt } from '../../src/hardening/methods/pgd-at.ts';
import { plain } from '../../src/hardening/methods/plain.ts';
import { digits, fileOf, trainableOf } from './network.ts';

const threat = { ball: { norm: 'linf', epsilon: 0.2 }, bounds: { low: 0, high: 1 } } as const;

it('ends where ten steps are withstood no longer while one is, with the most robust weights that it saw', async () => {
  const trainable = await trainableOf(fileOf('digits-mlp.export-18'));
  // hardened at first, then on the samples as they are: what it had learned to withstand is lost
  let batches = 0;
  const [hardening, forgetting] = [pgdAt({ ...threat, steps: 5, stepSize: 0.1 }), plain()];
  const method: Method = {
    teach: async (...batch) => ((batches += 1) > 8 * 12 ? forgetting : hardening).teach(...batch),
  };
  const random = randomOf('course');
  const parts = heldOut(digits('train'), 0.2, 64, random.fork('held out'));
  const course = await follow(trainable, parts, random, {
    ...{ epochs: 60, batch: 64, rate: () => 5e-3, method, threat, watchesCollapse: true },
  });
  expect(course.ended).toBe('collapsed');
  const [chosen, last] = [course.chosen!.scores, course.looks.at(-1)!.scores];
  expect(last.robust).toBeLessThan(chosen.robust / 2);
  expect(last.robust).toBeLessThan(last.singleStep / 2);
  expect(Math.max(...course.looks.map((look) => look.scores.robust))).toBe(chosen.robust);
  expect(await scores(trainable, parts.held, threat, random.fork('held out'), course.weights)).toEqual(chosen);
  expect(await scores(trainable, parts.held, threat, random.fork('held out'))).toEqual(last);
  await trainable.release();
});
