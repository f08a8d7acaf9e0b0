import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { apgd, shrinking } from '../src/attacks/apgd.ts';
import type { Attack, Threat } from '../src/attacks/attack.ts';
import { type Ball, distances } from '../src/attacks/ball.ts';
import { fab } from '../src/attacks/fab.ts';
import { square } from '../src/attacks/square.ts';
import { openVictim } from '../src/onnx-victim.ts';
import { suites } from '../src/robustness/suite.ts';
import { ourSuite, recordedSuite, samplesOf } from './autoattack-recorded.ts';
import { corpus, recorded } from './corpus.ts';
import { LinearVictim } from './linear-victim.ts';

const norms = ['linf', 'l2', 'l1'] as const;
const epsilons = { linf: 0.1, l2: 0.5, l1: 2 };
const files = { 'digits-mlp': 'digits-mlp.export-18.onnx', 'digits-cnn': 'digits-cnn.export-18.onnx' };
type Name = keyof typeof files;

async function attacked(model: Name, attack: Attack, ball: Ball, rows: number) {
  const victim = await openVictim(readFileSync(join(corpus, 'models', files[model])), { threads: 1 });
  const samples = samplesOf('digits', rows);
  const x = await attack(victim, samples, { ball, bounds: { low: 0, high: 1 } }, randomOf(1));
  const found = await victim.classify(x);
  await victim.release();
  return {
    robust: found.filter((label, row) => label === samples.labels[row]).length / rows,
    lengths: [...distances(x, samples.x, victim.size, ball.norm)],
    isInside: x.every((value) => value >= 0 && value <= 1),
  };
}

describe('FAB comes as near as its reference, row by row', () => {
  const { results } = recorded('digits-mlp', 'fab') as {
    results: readonly { attack: 'fab' | 'fab-t'; norm: Ball['norm']; norms: readonly number[] }[];
  };
  it.each(results)('$attack $norm', async ({ attack, norm, norms: theirs }) => {
    const rows = 15;
    const targets = attack === 'fab-t' ? { targets: 9 } : {};
    const ball = { norm, epsilon: epsilons[norm] };
    const { lengths, isInside } = await attacked(
      'digits-mlp',
      fab({ steps: 100, nearest: true, ...targets }),
      ball,
      rows,
    );
    expect(isInside).toBe(true);
    const right = lengths.flatMap((length, row) => (theirs[row] === 0 ? [] : [{ length, wanted: theirs[row]! }]));
    const share = right.filter(({ length, wanted }) => length <= 1.01 * wanted).length / right.length;
    expect(share).toBeGreaterThanOrEqual(0.9);
    const [ours, reference] = [right.map(({ length }) => length), right.map(({ wanted }) => wanted)];
    expect(median(ours)).toBeLessThanOrEqual(1.01 * median(reference));
    // a distance that nothing can be nearer at would be wrong, too: both are upper bounds of the same minimum
    expect(median(ours)).toBeGreaterThan(0.9 * median(reference));
  });
});

describe('Square breaks as much as its reference with as many queries, or more', () => {
  it.each(norms)('%s', async (norm) => {
    const { results } = recorded('digits-mlp', 'square') as {
      results: readonly { norm: string; queries: number; rows: number; robust: readonly number[] }[];
    };
    const { queries, rows, robust } = results.find((each) => each.norm === norm)!;
    const ball = { norm, epsilon: epsilons[norm] };
    const ours = await attacked('digits-mlp', square({ queries, rescale: false }), ball, rows);
    expect(ours.isInside).toBe(true);
    expect(Math.max(...ours.lengths)).toBeLessThanOrEqual(ball.epsilon * (1 + 1e-5));
    expect(ours.robust).toBeLessThanOrEqual(Math.max(...robust) + 0.02);
  });
});

it('APGD with sparse steps breaks as much as its reference in L1', async () => {
  const { results } = recorded('digits-mlp', 'attacks') as {
    results: readonly { attack: string; norm: string; rows: number; robust: number }[];
  };
  const { robust, rows } = results.find(({ attack, norm }) => attack === 'autoattack.apgd-ce' && norm === 'l1')!;
  const ball = { norm: 'l1', epsilon: 2 } as const;
  const ours = await attacked('digits-mlp', apgd({ loss: 'cross-entropy', steps: 100, restarts: 1 }), ball, rows);
  expect(ours.isInside).toBe(true);
  expect(Math.max(...ours.lengths)).toBeLessThanOrEqual(2 * (1 + 1e-5));
  expect(Math.abs(ours.robust - robust)).toBeLessThanOrEqual(0.02);
});

describe('the whole suite leaves the rows that its reference leaves', () => {
  it.each(norms)('digits-mlp %s', async (norm) => {
    const rows = 20;
    const reference = recordedSuite('digits-mlp', norm);
    const { fell } = await ourSuite(files['digits-mlp'], reference, rows);
    const theirs = reference.fell.filter((row) => row < rows);
    expect(theirs.filter((row) => !fell.includes(row))).toEqual([]);
    expect(fell.length - theirs.length).toBeLessThanOrEqual(1);
  });

  it('three classes, and columns with ranges of their own: wine-mlp', async () => {
    const reference = recordedSuite('wine-mlp', 'linf');
    const ours = await ourSuite('wine-mlp.skl2onnx-18.onnx', reference);
    expect(ours.counts.map(({ name }) => name)).toEqual(['apgd-ce', 'apgd-dlr', 'fab-t', 'square']);
    expect(ours.clean).toBeCloseTo(reference.clean, 3);
    expect(ours.fell).toEqual(reference.fell);
  });
});

describe('members, order and budgets are those that were published', () => {
  /** Never errs: the boundary is out of reach. */
  const firm = (classes: number): LinearVictim =>
    new LinearVictim(
      [1, 6, 6],
      Array.from({ length: classes }, (_, kind) =>
        Array.from({ length: 36 }, (__, place) => ((kind + place) % 7) / 100),
      ),
      Array.from({ length: classes }, (_, kind) => (kind === 0 ? 100 : kind / 10)),
    );

  async function spent(suite: keyof typeof suites, norm: Ball['norm'], classes: number) {
    const threat: Threat = { ball: { norm, epsilon: 0.1 }, bounds: { low: 0, high: 1 } };
    const samples = { x: new Float32Array(36).fill(0.5), labels: Int32Array.of(0) };
    const members: [string, number, number][] = [];
    for (const { name, attack } of suites[suite](threat.ball, classes)) {
      const victim = firm(classes);
      await attack(victim, samples, threat, randomOf(0));
      members.push([name, victim.spent.backward, victim.spent.forward]);
    }
    return members;
  }

  // Backward: the start and 100 steps; FAB has no start. Forward: one for the clean class (FAB), one for each ranking of the
  // targets, one after each step of FAB; of Square the start and 5,000 queries.
  it.each([
    [
      'linf',
      10,
      [
        ['apgd-ce', 101, 0],
        ['apgd-t', 9 * 101, 9],
        ['fab-t', 900, 1 + 9 + 900],
        ['square', 0, 5001],
      ],
    ],
    [
      'l2',
      10,
      [
        ['apgd-ce', 101, 0],
        ['apgd-t', 9 * 101, 9],
        ['fab-t', 900, 1 + 9 + 900],
        ['square', 0, 5001],
      ],
    ],
    // five restarts, five targets, and three radii, each with a start of its own
    [
      'l1',
      10,
      [
        ['apgd-ce', 5 * 103, 0],
        ['apgd-t', 5 * 103, 5],
        ['fab-t', 900, 1 + 9 + 900],
        ['square', 0, 5001],
      ],
    ],
    [
      'linf',
      5,
      [
        ['apgd-ce', 101, 0],
        ['apgd-t', 4 * 101, 4],
        ['fab-t', 400, 1 + 4 + 400],
        ['square', 0, 5001],
      ],
    ],
    [
      'linf',
      3,
      [
        ['apgd-ce', 101, 0],
        ['apgd-dlr', 101, 0],
        ['fab-t', 200, 1 + 2 + 200],
        ['square', 0, 5001],
      ],
    ],
    [
      'linf',
      2,
      [
        ['apgd-ce', 101, 0],
        ['fab-t', 100, 1 + 1 + 100],
        ['square', 0, 5001],
      ],
    ],
  ] as const)('standard, %s, %i classes', async (norm, classes, wanted) => {
    expect(await spent('standard', norm, classes)).toEqual(wanted);
  });

  it('plus and rand', async () => {
    expect(await spent('plus', 'linf', 4)).toEqual([
      ['apgd-ce', 505, 0],
      ['apgd-dlr', 505, 0],
      ['fab', 5 * 100 * 3, 1 + 500],
      ['square', 0, 5001],
      ['apgd-t', 303, 3],
      ['fab-t', 300, 1 + 3 + 300],
    ]);
    expect(await spent('rand', 'linf', 4)).toEqual([
      ['apgd-ce', 101 * 20, 0],
      ['apgd-dlr', 101 * 20, 0],
    ]);
  });
});

describe('whatever the shape, the norm and the bounds: an attack keeps to the threat', () => {
  const shapes = [[1, 8, 8], [3, 5, 6], [2, 2, 3], [7], [1]] as const;
  const attacks: readonly (readonly [string, Attack])[] = [
    ['apgd', apgd({ loss: 'cross-entropy', steps: 12, restarts: 2 })],
    ['apgd with radii', apgd({ loss: 'margin', steps: 12, restarts: 1, radii: shrinking })],
    ['square', square({ queries: 60, rescale: false })],
  ];
  it.each(norms)('%s', async (norm) => {
    const random = randomOf(norm);
    for (const dims of shapes) {
      const size = dims.reduce((product: number, each) => product * each, 1);
      const weights = Array.from({ length: 3 }, () => Array.from({ length: size }, () => random.normal()));
      const victim = new LinearVictim(dims, weights, [0, 0, 0]);
      const x = Float32Array.from({ length: 8 * size }, () => Math.min(Math.max(random.normal(), -1), 2));
      const labels = await victim.classify(x);
      const threat: Threat = { ball: { norm, epsilon: epsilons[norm] }, bounds: { low: -1, high: 2 } };
      for (const [name, attack] of attacks) {
        const changed = await attack(victim, { x, labels }, threat, random.fork(name));
        const longest = Math.max(...distances(changed, x, size, norm));
        expect(longest, `${name} ${dims.join('×')}`).toBeLessThanOrEqual(epsilons[norm] * (1 + 1e-5) + 1e-6);
        expect(longest).toBeGreaterThan(0);
        expect(changed.every((value) => value >= -1 && value <= 2)).toBe(true);
      }
    }
  });
});

it.each(norms)('FAB finds the nearest point behind a plane, in %s', async (norm) => {
  const random = randomOf(`plane ${norm}`);
  for (let round = 0; round < 20; round += 1) {
    const w = Array.from({ length: 6 }, () => random.normal());
    const victim = new LinearVictim([6], [w.map((each) => -each), w], [0.3, -0.3]);
    // wide bounds: the distance to ⟨w, x⟩ = 0.3 is that to a plane (O. L. Mangasarian, 1999): |⟨w, x⟩ − 0.3| / dual norm of w
    const threat: Threat = { ball: { norm, epsilon: 1e-3 }, bounds: { low: -50, high: 50 } };
    const x = Float32Array.from({ length: 6 }, () => random.normal());
    const labels = await victim.classify(x);
    const changed = await fab({ steps: 100, targets: 1, nearest: true })(victim, { x, labels }, threat, random);
    const dual = {
      linf: w.reduce((sum, each) => sum + Math.abs(each), 0),
      l2: Math.hypot(...w),
      l1: Math.max(...w.map(Math.abs)),
    };
    const least = Math.abs(w.reduce((sum, each, index) => sum + each * x[index]!, -0.3)) / dual[norm];
    expect((await victim.classify(changed))[0]).not.toBe(labels[0]);
    const found = distances(changed, x, 6, norm)[0]!;
    expect(found).toBeGreaterThanOrEqual(least * (1 - 1e-4));
    expect(found).toBeLessThanOrEqual(least * 1.02 + 1e-5);
  }
});
