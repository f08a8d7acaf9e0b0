import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { distances } from '../src/attacks/ball.ts';
import { deepFool } from '../src/attacks/deepfool.ts';
import { minimalDistances } from '../src/attacks/minimal-distances.ts';
import {
  alike,
  balls,
  bounds,
  digitModels,
  digits,
  firstRows,
  linearVictim,
  outcomeOf,
  peer,
  victimOf,
} from './attacks-scene.ts';

/** Of 100 rows; all of them are compared in attacks-peers.long.test.ts. */
const rows = 30;

describe('DeepFool in L2 is that of Foolbox, and goes no farther than that of ART', () => {
  it.each(digitModels)('%s', async (model, file) => {
    const [foolbox, art] = ['foolbox.deepfool', 'art.deepfool'].map((attack) =>
      firstRows(peer(model, attack, balls.l2), rows),
    );
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, deepFool(), digits(rows), balls.l2);
    await victim.release();
    expect(Math.abs(ours.medianNorm / foolbox!.medianNorm - 1)).toBeLessThan(0.01);
    expect(ours.robust).toBeLessThanOrEqual(foolbox!.robust);
    // A boundary that two classes share to rounding may send a row elsewhere.
    expect(alike(ours.norms, foolbox!.norms, 1e-3)).toBeGreaterThanOrEqual(rows - 1);
    expect(ours.medianNorm).toBeLessThanOrEqual(art!.medianNorm);
    expect(ours.robust).toBeLessThanOrEqual(art!.robust);
  });
});

describe('DeepFool in L∞ is that of Foolbox', () => {
  it.each(digitModels.slice(0, 2))('%s', async (model, file) => {
    const foolbox = firstRows(peer(model, 'foolbox.deepfool', balls.linf), rows);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, deepFool(), digits(rows), balls.linf);
    await victim.release();
    expect(Math.abs(ours.medianNorm / foolbox.medianNorm - 1)).toBeLessThan(0.01);
    expect(alike(ours.norms, foolbox.norms, 1e-3)).toBeGreaterThanOrEqual(rows - 1);
  });
});

/** Logits 0 and w·x + b: the boundary is the plane w·x = −b. */
const w = [2, -1, 0.5];

describe('the nearest boundary of a linear model', () => {
  // x = (0.5, 0.5, 0.5): w·x + b = −0.3, so that a step of 0.3 / ‖w‖* leads there
  const start = Float32Array.of(0.5, 0.5, 0.5);
  it.each([
    ['l2', 0.3 / Math.hypot(...w)],
    ['linf', 0.3 / 3.5],
    ['l1', 0.3 / 2],
  ] as const)('%s', async (norm, wanted) => {
    const victim = await linearVictim(
      w.flatMap((each) => [0, each]),
      [0, -1.05],
    );
    const samples = { x: start, labels: Int32Array.of(0) };
    const threat = { ball: { norm, epsilon: 1 }, bounds };
    const x = await deepFool({ overshoot: 0 })(victim, samples, threat, randomOf(0));
    expect(distances(x, start, 3, norm)[0]).toBeCloseTo(wanted, 3);
    expect([...(await victim.classify(x))]).toEqual([1]);
    expect((await minimalDistances(victim, samples, bounds, norm, randomOf(0)))[0]).toBeCloseTo(wanted, 3);
    await victim.release();
  });

  it('in L1, where the bounds end the way of the steepest number, the next one goes on', async () => {
    const victim = await linearVictim(
      w.flatMap((each) => [0, each]),
      [0, -1.65],
    );
    // w·x + b = −0.9 − 0.3: 0.5 of the first number gains 1, and 0.2 of the second the rest
    const samples = { x: Float32Array.of(0.5, 0.8, 0.5), labels: Int32Array.of(0) };
    const x = await deepFool({ overshoot: 0 })(
      victim,
      samples,
      { ball: { norm: 'l1', epsilon: 1 }, bounds },
      randomOf(0),
    );
    await victim.release();
    expect(distances(x, samples.x, 3, 'l1')[0]).toBeCloseTo(0.5 + 0.2, 3);
    expect([...x]).toEqual([expect.closeTo(1, 6), expect.closeTo(0.6, 3), 0.5]);
  });
});

describe('minimal distances', () => {
  it('are no longer than what DeepFool of Foolbox found', async () => {
    const { norms = [] } = peer('digits-mlp', 'foolbox.deepfool', balls.l2);
    const victim = await victimOf('digits-mlp.trace-11.onnx');
    const found = await minimalDistances(victim, digits(rows), bounds, 'l2', randomOf(0));
    const clean = await victim.classify(digits(rows).x);
    await victim.release();
    for (const [row, label] of digits(rows).labels.entries()) {
      // NaN: it was wrong already
      if (clean[row] === label) expect(found[row]).toBeLessThanOrEqual((norms[row] ?? 0) * (1 + 1e-3));
      else expect(found[row]).toBeNaN();
    }
  });

  it('are infinite where nothing breaks a row', async () => {
    const victim = await linearVictim([0, 0, 0, 1e-3], [0, -1]);
    const samples = { x: Float32Array.of(0.5, 0.5), labels: Int32Array.of(0) };
    for (const norm of ['l1', 'l2', 'linf'] as const) {
      expect([...(await minimalDistances(victim, samples, bounds, norm, randomOf(0)))]).toEqual([Infinity]);
    }
    await victim.release();
  });
});
