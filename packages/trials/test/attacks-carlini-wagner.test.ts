import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { distances } from '../src/attacks/ball.ts';
import { carliniWagner } from '../src/attacks/carlini-wagner.ts';
import { TanhSpace } from '../src/attacks/tanh-space.ts';
import { marginsOf } from '../src/victim.ts';
import { alike, balls, bounds, digits, firstRows, linearVictim, outcomeOf, peer, victimOf } from './attacks-scene.ts';

it('goes as far as that of Foolbox with the same settings, and less far than that of ART', async () => {
  const rows = 15;
  const [foolbox, art] = ['foolbox.carlini', 'art.carlini'].map((attack) =>
    firstRows(peer('digits-mlp', attack, balls.l2), rows),
  );
  const victim = await victimOf('digits-mlp.trace-11.onnx');
  const ours = await outcomeOf(victim, carliniWagner({ steps: 1000, weights: 9 }), digits(rows), balls.l2);
  await victim.release();
  expect(Math.abs(ours.medianNorm / foolbox!.medianNorm - 1)).toBeLessThan(0.01);
  expect(alike(ours.norms, foolbox!.norms, 0.01)).toBeGreaterThanOrEqual(rows - 1);
  expect(ours.robust).toBeLessThanOrEqual(foolbox!.robust);
  expect(ours.medianNorm).toBeLessThan(art!.medianNorm);
});

describe('of a linear model', () => {
  // z₁ − z₀ = 3·x₀ − 4·x₁ + 0.5·x₂ + b
  const linear = async (bias: number) => linearVictim([0, 3, 0, -4, 0, 0.5], [0, bias]);
  const threat = { ball: { norm: 'l2', epsilon: 1 }, bounds } as const;
  const samples = { x: Float32Array.of(0.5, 0.5, 0.5), labels: Int32Array.of(0) };

  it('it finds the foot of the perpendicular', async () => {
    const victim = await linear(-0.75);
    const x = await carliniWagner()(victim, samples, threat, randomOf(0));
    expect(distances(x, samples.x, 3, 'l2')[0]).toBeCloseTo(1 / Math.hypot(3, 4, 0.5), 3);
    expect([...(await victim.classify(x))]).toEqual([1]);
    await victim.release();
  });

  it('a confidence puts it so far behind the boundary', async () => {
    const victim = await linear(-0.75);
    const x = await carliniWagner({ confidence: 0.5 })(victim, samples, threat, randomOf(0));
    // the gap is 1, and 0.5 more
    expect(distances(x, samples.x, 3, 'l2')[0]).toBeCloseTo(1.5 / Math.hypot(3, 4, 0.5), 3);
    expect(marginsOf(await victim.logits(x), samples.labels, 2)[0]).toBeCloseTo(0.5, 3);
    await victim.release();
  });

  it('the units of the input make no difference', async () => {
    const victim = await linearVictim(
      [0, 3, 0, -4, 0, 0.5].map((each) => each / 255),
      [0, -0.75],
    );
    const wide = { x: samples.x.map((each) => 255 * each), labels: samples.labels };
    const x = await carliniWagner()(victim, wide, { ...threat, bounds: { low: 0, high: 255 } }, randomOf(0));
    await victim.release();
    expect(distances(x, wide.x, 3, 'l2')[0]! / 255).toBeCloseTo(1 / Math.hypot(3, 4, 0.5), 3);
  });

  it('rows that are wrong already, and rows that nothing breaks, stay as they are', async () => {
    const victim = await linear(-9);
    const x = Float32Array.of(0.5, 0.5, 0.5, 0.1, 0.9, 0.3);
    const found = await carliniWagner({ steps: 50 })(victim, { x, labels: Int32Array.of(0, 1) }, threat, randomOf(0));
    await victim.release();
    expect([...found]).toEqual([...x]);
  });
});

it('tanh space knows no number beyond the bounds', () => {
  const space = new TanhSpace({ low: -2, high: 6 });
  const x = Float32Array.of(-2, -1, 2, 5.5, 6);
  const w = space.enter(x);
  for (const [index, value] of space.leave(w).entries()) expect(value).toBeCloseTo(x[index] ?? 0, 4);
  const far = space.leave(Float32Array.of(-100, 100));
  expect([...far]).toEqual([-2, 6]);
  // dx/dw by central differences
  const [above, below] = [space.leave(w.map((each) => each + 0.01)), space.leave(w.map((each) => each - 0.01))];
  for (const [index, slope] of space.slopes(w).entries()) {
    expect(slope).toBeCloseTo(((above[index] ?? 0) - (below[index] ?? 0)) / 0.02, 2);
  }
});
