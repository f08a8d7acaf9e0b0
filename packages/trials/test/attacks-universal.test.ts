import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { normOf } from '../src/attacks/ball.ts';
import { universal, universalPerturbation } from '../src/attacks/universal.ts';
import { balls, bounds, digits, outcomeOf, peer, victimOf } from './attacks-scene.ts';

it('one change breaks as many rows as that of ART does, or more', async () => {
  for (const [model, file] of [
    ['digits-cnn', 'digits-cnn.export-18.onnx'],
    ['digits-mlp', 'digits-mlp.trace-11.onnx'],
  ] as const) {
    const { robust, rows } = peer(model, 'art.universal', balls.linf);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, universal(), digits(rows), balls.linf);
    await victim.release();
    expect(ours.robust, `${model}: ART leaves ${robust}`).toBeLessThanOrEqual(robust + 0.005);
  }
});

it('over DeepFool, it breaks about as many as that of ART', async () => {
  const { robust, rows } = peer('digits-mlp', 'art.universal', balls.linf);
  const victim = await victimOf('digits-mlp.trace-11.onnx');
  const attack = universal({ over: 'deepfool', passes: 4 });
  const ours = await outcomeOf(victim, attack, digits(rows), balls.linf);
  await victim.release();
  // which row comes first is chance, and with it five rows of a hundred
  expect(Math.abs(ours.robust - robust)).toBeLessThan(0.07);
});

it.each(['linf', 'l2'] as const)('it is one change, no longer than the radius: %s', async (norm) => {
  const victim = await victimOf('digits-mlp.trace-11.onnx');
  const samples = digits(40);
  const threat = { ball: balls[norm], bounds };
  const change = await universalPerturbation(victim, samples, threat, randomOf(1), { passes: 10 });
  const x = await universal({ passes: 10 })(victim, samples, threat, randomOf(1));
  await victim.release();
  expect(change).toHaveLength(victim.size);
  expect(normOf(change, 0, victim.size, norm)).toBeLessThanOrEqual(threat.ball.epsilon * (1 + 1e-5));
  const wanted = samples.x.map((value, index) => Math.min(1, Math.max(0, value + change[index % victim.size]!)));
  expect(x).toEqual(wanted);
});

it('is content with the share that was asked for', async () => {
  const victim = await victimOf('digits-mlp.trace-11.onnx');
  const samples = digits(40);
  const change = await universalPerturbation(victim, samples, { ball: balls.linf, bounds }, randomOf(1), { share: 0 });
  await victim.release();
  expect([...new Set(change)]).toEqual([0]);
});
