import { randomOf } from '@holdfast/statistics';
import { expect, test } from 'vitest';
import type { PoisonScene } from '../../src/poison/scene.ts';
import { sourceInfluences } from '../../src/poison/sources/influence.ts';
import { sourceDetector } from '../../src/poison/sources/source-detector.ts';

/** Rows of three sources; the label follows the first column, but for the source whose labels are turned round. */
function sceneOf(turned: number | undefined, rows = 600): PoisonScene {
  const random = randomOf(`sources ${turned ?? 'none'}`);
  const [x, z] = [new Float64Array(rows), new Float64Array(rows)];
  const [labels, of] = [new Int32Array(rows), new Int32Array(rows)];
  for (let row = 0; row < rows; row += 1) {
    of[row] = row % 4 === 0 ? 1 : row % 4 === 1 ? 2 : 0;
    x[row] = random.normal();
    z[row] = random.normal();
    const isOne = (x[row] ?? 0) + 0.5 * random.normal() > 0;
    labels[row] = Number(of[row] === turned ? !isOne : isOne);
  }
  return {
    ...{ rows, labels, classes: ['no', 'yes'], alpha: 0.01, seed: '1', signal: new AbortController().signal },
    columns: [
      { name: 'x', kind: 'number', values: x },
      { name: 'z', kind: 'number', values: z },
    ],
    sources: { of, names: ['own', 'first', 'second'] },
  };
}

/** Ridge regression by descent on the rows themselves: the same learner, found in another way. */
function errorByDescent(scene: PoisonScene, learnt: number[], judged: number[]): number {
  const standard = scene.columns.map((column) => {
    const values = column.kind === 'number' ? column.values : new Float64Array();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return values.map((value) => Math.max(-4, Math.min(4, (value - mean) / deviation)));
  });
  const features = (row: number): number[] => [...standard.map((column) => column[row] ?? 0), 1];
  const target = (row: number, label: number): number => Number(scene.labels[row] === label);
  return [0, 1].reduce((sum, label) => {
    const weights = [0, 0, 0];
    for (let round = 0; round < 400; round += 1) {
      const gradient = weights.map((weight) => 0.01 * weight);
      for (const row of learnt) {
        const x = features(row);
        const error = x.reduce((all, value, at) => all + value * (weights[at] ?? 0), 0) - target(row, label);
        for (const [at, value] of x.entries()) gradient[at] = (gradient[at] ?? 0) + (error * value) / learnt.length;
      }
      for (const [at, each] of gradient.entries()) weights[at] = (weights[at] ?? 0) - 0.3 * each;
    }
    const squares = judged.map((row) => {
      const said = features(row).reduce((all, value, at) => all + value * (weights[at] ?? 0), 0);
      return (said - target(row, label)) ** 2;
    });
    return sum + squares.reduce((all, square) => all + square, 0) / judged.length;
  }, 0);
}

test('learning without a source is what learning from the other rows is', async () => {
  const scene = sceneOf(2);
  const rows = [...scene.labels.keys()];
  const others = rows.filter((row) => scene.sources?.of[row] !== 2);
  const found = (await sourceInfluences(scene, 1)).find(({ source }) => source === 2);
  // The standard scores lie in float32 there.
  expect(found?.withIt).toBeCloseTo(errorByDescent(scene, rows, others), 5);
  expect(found?.without).toBeCloseTo(errorByDescent(scene, others, others), 5);
});

test('a source whose labels are turned round is accused, and no other', async () => {
  const found = await sourceDetector.find(sceneOf(2));
  expect(found?.sources?.map(({ source }) => source)).toEqual([2]);
  expect(found?.sources?.[0]?.says).toMatch(/^without its 150 rows the error on all others is \d+\.\d % smaller$/);
});

test('sources that are all alike are not accused', async () => {
  expect((await sourceDetector.find(sceneOf(undefined)))?.sources).toEqual([]);
});

test('nothing is said without sources, of one, or of a few rows', async () => {
  const { sources, ...without } = sceneOf(2);
  expect(await sourceDetector.find(without)).toBeUndefined();
  const one = { of: new Int32Array(600), names: ['own'] };
  expect((await sourceDetector.find({ ...without, sources: one }))?.left).toEqual(['sources: all rows come from one']);
  expect((await sourceDetector.find(sceneOf(2, 20)))?.left[0]).toContain('too few');
  expect(sources?.names).toHaveLength(3);
});
