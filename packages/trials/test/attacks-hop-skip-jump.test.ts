import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { distances } from '../src/attacks/ball.ts';
import { hopSkipJump } from '../src/attacks/hop-skip-jump.ts';
import type { Victim } from '../src/victim.ts';
import { balls, bounds, digits, firstRows, linearVictim, median, outcomeOf, peer, victimOf } from './attacks-scene.ts';

const settings = { iterations: 20, questions: 100, mostQuestions: 1000, starts: 100 };

it.each([
  ['digits-mlp', 'digits-mlp.trace-11.onnx', 'l2'],
  ['digits-cnn', 'digits-cnn.export-18.onnx', 'linf'],
] as const)('comes nearer than that of ART with the same settings: %s %s %s', async (model, file, norm) => {
  const theirs = firstRows(peer(model, 'art.hop-skip-jump', balls[norm]), 12);
  const victim = await victimOf(file);
  const samples = digits(12);
  const ours = await outcomeOf(victim, hopSkipJump(settings), samples, balls[norm]);
  // the paper's 20 iterations, the starts and the bisections: at most so many questions
  const most = Array.from({ length: 20 }, (_, turn) => 100 * Math.sqrt(turn + 1) + 60).reduce((a, b) => a + b, 200);
  expect(victim.spent.backward).toBe(0);
  expect(victim.spent.forward).toBeLessThan(12 * most);
  await victim.release();
  // chance decides about each row, but not about most of them
  const ratios = theirs.norms.flatMap((norm, row) =>
    norm === null || norm === 0 ? [] : [(ours.norms[row] ?? 9) / norm],
  );
  expect(ratios.length).toBeGreaterThan(8);
  expect(median(ratios)).toBeLessThan(0.95);
  expect(ours.x.every((value) => value >= 0 && value <= 1)).toBe(true);
});

describe('of a linear model', () => {
  // z₁ − z₀ = 2·x₀ − x₁ + 0.5·x₂ + b, at the sample −0.3
  const weights = [0, 2, 0, -1, 0, 0.5];
  const samples = { x: Float32Array.of(0.5, 0.5, 0.5), labels: Int32Array.of(0) };
  it.each([
    ['l2', 0.3 / Math.hypot(2, 1, 0.5)],
    ['linf', 0.3 / 3.5],
  ] as const)('it finds the nearest point of the boundary in %s', async (norm, nearest) => {
    const victim = await linearVictim(weights, [0, -1.05]);
    const threat = { ball: { norm, epsilon: 1 }, bounds };
    const x = await hopSkipJump({ iterations: 15 })(victim, samples, threat, randomOf(3));
    const distance = distances(x, samples.x, 3, norm)[0] ?? 0;
    expect(distance).toBeGreaterThan(nearest * (1 - 1e-4));
    expect(distance).toBeLessThan(nearest * 1.03);
    expect([...(await victim.classify(x))]).toEqual([1]);
    await victim.release();
  });

  it('asks for nothing but classes, and draws the same from the same seed', async () => {
    const full = await linearVictim(weights, [0, -1.05]);
    const refuse = async (): Promise<never> => Promise.reject(new Error('only classes'));
    const victim: Victim = {
      ...{ dims: full.dims, size: full.size, classes: full.classes, spent: full.spent },
      classify: async (x) => full.classify(x),
      logits: refuse,
      lossGradient: refuse,
      pullback: refuse,
    };
    const threat = { ball: balls.l2, bounds };
    const walk = async (seed: number) => hopSkipJump({ iterations: 2 })(victim, samples, threat, randomOf(seed));
    const [one, again, other] = [await walk(1), await walk(1), await walk(2)];
    await full.release();
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('starts from another sample where no random one is of another class', async () => {
    const victim = await linearVictim(weights, [0, -2.4]);
    // only near the corner (1, 0, 1) is class 1
    const x = Float32Array.of(0.5, 0.5, 0.5, 1, 0, 1, 0.9, 0.9, 0.1);
    const labels = Int32Array.of(0, 1, 1);
    const found = await hopSkipJump({ iterations: 5, starts: 1 })(
      victim,
      { x, labels },
      { ball: balls.l2, bounds },
      randomOf(0),
    );
    expect([...(await victim.classify(found.subarray(0, 3)))]).toEqual([1]);
    // the second crosses back; the third was wrong already
    expect([...(await victim.classify(found.subarray(3, 6)))]).toEqual([0]);
    expect([...found.subarray(6)]).toEqual([...x.subarray(6)]);
    await victim.release();
  });

  it('leaves a row alone where there is no start, and knows no L1', async () => {
    const victim = await linearVictim(weights, [0, -9]);
    const found = await hopSkipJump({ starts: 5 })(victim, samples, { ball: balls.l2, bounds }, randomOf(0));
    expect([...found]).toEqual([...samples.x]);
    const sparse = { ball: { norm: 'l1', epsilon: 1 }, bounds } as const;
    await expect(hopSkipJump()(victim, samples, sparse, randomOf(0))).rejects.toThrow(RangeError);
    await victim.release();
  });
});
