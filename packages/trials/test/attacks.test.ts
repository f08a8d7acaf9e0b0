import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { apgd } from '../src/attacks/apgd.ts';
import type { Attack } from '../src/attacks/attack.ts';
import { ascend, type Ball, clip, distances, normOf, project } from '../src/attacks/ball.ts';
import { fastGradient, projectedGradient } from '../src/attacks/gradient-ascent.ts';
import { square } from '../src/attacks/square.ts';
import { type OnnxVictim, openVictim } from '../src/onnx-victim.ts';
import { arraysOf, corpus, recorded, recordedArrays } from './corpus.ts';

const bounds = { low: 0, high: 1 };
const [linf, l2]: Ball[] = [
  { norm: 'linf', epsilon: 0.1 },
  { norm: 'l2', epsilon: 0.5 },
];

async function victimOf(file: string): Promise<OnnxVictim> {
  return openVictim(readFileSync(join(corpus, 'models', file)), { threads: 1 });
}

function digits(rows: number) {
  const { x, y } = arraysOf(join(corpus, 'data/digits-test.npz'));
  const size = x!.data.length / y!.data.length;
  return {
    x: Float32Array.from(x!.data.subarray(0, rows * size) as Float32Array),
    labels: Int32Array.from(y!.data.subarray(0, rows) as BigInt64Array, Number),
  };
}

/** What became of the rows: the share that is still right, and the greatest change. */
async function attacked(file: string, attack: Attack, ball: Ball, rows: number) {
  const victim = await victimOf(file);
  const samples = digits(rows);
  const x = await attack(victim, samples, { ball, bounds }, randomOf(1));
  const found = await victim.classify(x);
  await victim.release();
  const lengths = distances(x, samples.x, victim.size, ball.norm).sort();
  return {
    robust: found.filter((label, row) => label === samples.labels[row]).length / rows,
    longest: lengths.at(-1) ?? 0,
    lengths,
    inside: x.every((value) => value >= 0 && value <= 1),
  };
}

interface Recorded {
  readonly results: readonly {
    readonly attack: string;
    readonly norm: string;
    readonly rows: number;
    readonly robust: number;
    readonly medianNorm: number;
    readonly norms?: readonly number[];
  }[];
}

function peer(model: string, attack: string, norm: string) {
  const found = (recorded(model, 'attacks') as Recorded).results.find(
    (each) => each.attack === attack && each.norm === norm,
  );
  if (found === undefined) throw new Error(`nothing is recorded of ${attack} on ${model}`);
  return found;
}

const models = [
  ['digits-cnn', 'digits-cnn.export-18.onnx'],
  ['digits-mlp', 'digits-mlp.trace-11.onnx'],
  ['digits-residual', 'digits-residual.trace-17.onnx'],
  ['digits-lstm', 'digits-lstm.export-18.onnx'],
  ['digits-normalised', 'digits-normalised.export-18.onnx'],
  ['digits-gru', 'digits-gru.export-18.onnx'],
  ['digits-transformer', 'digits-transformer.export-18.onnx'],
] as const;

describe('iterates of PGD are those of PyTorch from the same start', () => {
  // the small gradients of the transformer round to more than 1e-5 of their length
  it.each(models.slice(0, 6))('%s', async (model, file) => {
    const arrays = recordedArrays(model, 'iterates');
    const victim = await victimOf(file);
    const origin = arrays['x']!.data as Float32Array;
    const labels = Int32Array.from(arrays['y']!.data, Number);
    for (const [ball, step] of [
      [linf!, 0.025],
      [l2!, 0.125],
    ] as const) {
      const x = Float32Array.from(arrays[`${ball.norm}Start`]!.data as Float32Array);
      const wanted = arrays[`${ball.norm}Steps`]!.data as Float32Array;
      const { gradient } = await victim.lossGradient(x, labels, 'cross-entropy');
      ascend(x, gradient, ball.norm, new Float64Array(labels.length).fill(step));
      project(x, origin, victim.size, ball);
      clip(x, bounds);
      // Where a gradient is lost in rounding, its sign and its direction are those of the rounding.
      const clear = [...labels.keys()].filter((row) => normOf(gradient, row, victim.size, 'linf') > 2.2e-3);
      expect(clear.length).toBeGreaterThan(5);
      const differ = clear.flatMap((row) =>
        Array.from({ length: victim.size }, (_, index) => row * victim.size + index).filter(
          (at) => Math.abs(gradient[at]!) > 1e-6 && Math.abs(x[at]! - wanted[at]!) > 1e-5,
        ),
      );
      expect(differ, ball.norm).toEqual([]);
    }
    await victim.release();
  });
});

describe('one step breaks as many rows as ART does', () => {
  it.each(models)('%s', async (model, file) => {
    for (const ball of [linf!, l2!]) {
      const { robust, rows } = peer(model, 'art.fgsm', ball.norm);
      const ours = await attacked(file, fastGradient, ball, rows);
      expect(ours.inside).toBe(true);
      expect(ours.longest).toBeLessThanOrEqual(ball.epsilon * (1 + 1e-5));
      expect(Math.abs(ours.robust - robust), `${ball.norm}: ${ours.robust}, ART ${robust}`).toBeLessThanOrEqual(0.002);
    }
  });
});

/** Random starts differ, so a share may differ by what chance does; never kinder by more than a point. */
const strong: readonly (readonly [attack: string, norm: 'linf' | 'l2', ours: Attack, slack: number])[] = [
  ['art.pgd', 'linf', projectedGradient({ steps: 40, stepSize: 0.0125 }), 0.01],
  ['art.pgd', 'l2', projectedGradient({ steps: 40, stepSize: 0.0625 }), 0.01],
];

describe('many steps break as many rows as ART does, or more', () => {
  for (const [attack, norm, ours, slack] of strong) {
    // the others in attacks-peers.long.test.ts
    it.each(models.slice(0, 5))(`${attack} ${norm} %s`, async (model, file) => {
      const ball = norm === 'linf' ? linf! : l2!;
      const { robust, rows } = peer(model, attack, norm);
      const found = await attacked(file, ours, ball, rows);
      expect(found.longest).toBeLessThanOrEqual(ball.epsilon * (1 + 1e-5));
      expect(found.robust, `ART ${robust}`).toBeLessThanOrEqual(robust + slack);
    });
  }
});

describe('members of AutoAttack are no kinder than its reference', () => {
  const cases: readonly (readonly [string, 'linf' | 'l2', Attack])[] = [
    ['autoattack.apgd-ce', 'linf', apgd({ loss: 'cross-entropy', steps: 100, restarts: 1 })],
    ['autoattack.apgd-dlr', 'linf', apgd({ loss: 'dlr', steps: 100, restarts: 1 })],
    ['autoattack.apgd-t', 'linf', apgd({ loss: 'dlr-targeted', steps: 100, restarts: 1, targets: 9 })],
    ['autoattack.apgd-ce', 'l2', apgd({ loss: 'cross-entropy', steps: 100, restarts: 1 })],
    ['autoattack.square', 'linf', square({ queries: 1000 })],
  ];
  it.each(cases)('%s %s', async (attack, norm, ours) => {
    for (const [model, file] of models.slice(0, 2)) {
      const { robust, rows } = peer(model, attack, norm);
      const found = await attacked(file, ours, norm === 'linf' ? linf! : l2!, rows);
      expect(found.inside).toBe(true);
      expect(found.robust - robust, `${model}: ${found.robust}, reference ${robust}`).toBeLessThanOrEqual(0.02);
    }
  });
});

describe('a projection is the nearest point of the ball', () => {
  it.each(['l1', 'l2', 'linf'] as const)('%s', (norm) => {
    const random = randomOf(norm);
    for (let round = 0; round < 200; round += 1) {
      const origin = random.fillNormal(new Float32Array(5));
      const far = origin.map((value) => value + 2 * random.normal());
      const near = far.slice();
      project(near, origin, 5, { norm, epsilon: 1 });
      const length = (point: Float32Array): number =>
        Math.hypot(...point.map((value, index) => value - (far[index] ?? 0)));
      expect(distances(near, origin, 5, norm)[0]).toBeLessThanOrEqual(1 + 1e-5);
      // no other point of the ball is nearer: those between it and random points of the ball are not
      const other = origin.map((value) => value + random.normal());
      project(other, origin, 5, { norm, epsilon: 1 });
      const between = near.map((value, index) => value + 0.01 * ((other[index] ?? 0) - value));
      expect(length(between)).toBeGreaterThanOrEqual(length(near) - 1e-5);
    }
  });
});
