import { randomOf } from '@holdfast/statistics';
import { expect, test } from 'vitest';
import { labelDetector, testOf } from '../../../src/poison/labels/labels.ts';
import type { PoisonScene } from '../../../src/poison/scene.ts';

const rows = 400;
const flipped = Array.from({ length: 20 }, (_, at) => 20 * at + 3);

/** Two kinds of rows whose columns say nothing, and a model that tells them apart. */
function scene(isFlipped: boolean): PoisonScene {
  const random = randomOf('labels');
  const kinds = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const labels = kinds.slice();
  if (isFlipped) for (const row of flipped) labels[row] = 1 - (labels[row] ?? 0);
  return {
    ...{ rows, labels, classes: ['a', 'b'], alpha: 0.01, seed: '0', signal: new AbortController().signal },
    columns: [{ name: 'c', kind: 'number', values: Float64Array.from(kinds, (kind) => 4 * kind + random.normal()) }],
    embeddings: {
      values: Float32Array.from(
        { length: 3 * rows },
        (_, at) => 6 * (kinds[Math.floor(at / 3)] ?? 0) + random.normal(),
      ),
      width: 3,
    },
  };
}

const detector = labelDetector({ labelNoise: 0.005 });

test('labels that the columns and the model contradict are named, and no others', async () => {
  const found = await detector.find(scene(true));
  expect(found?.rows.map(({ row }) => row)).toEqual(flipped);
  expect(found?.rows.every(({ reason }) => reason === 'label')).toBe(true);
});

test('labels that both confirm raise no alarm', async () => {
  expect(await detector.find(scene(false))).toMatchObject({
    rows: [],
    left: [],
    metrics: { told: 1, contradictions: 0 },
  });
});

test('of rows without columns, labels are judged by what the model makes of them', async () => {
  const { columns, ...bare } = scene(true);
  expect(columns).toHaveLength(1);
  expect((await detector.find({ ...bare, columns: [] }))?.rows.map(({ row }) => row)).toEqual(flipped);
});

test('what a model makes of a row that is not finite has no say, and is told', async () => {
  const { embeddings, ...given } = scene(true);
  const values = Float32Array.from(embeddings?.values ?? []);
  values[3 * 6 + 1] = Number.POSITIVE_INFINITY;
  const found = await detector.find({ ...given, embeddings: { values, width: 3 } });
  const without = await detector.find(given);
  expect(found?.left).toEqual(['labels: what the model makes of row 7 is not finite']);
  expect(found?.rows).toEqual(without?.rows);
});

test('nothing is said of labels where fewer than nine in ten rows are judged surely, however many contradict', () => {
  const { labels, ...given } = scene(false);
  const judged = (sure: number) => ({
    // 40 contradict, the rest of the sure ones agree, and nobody can tell of the others
    margins: Float64Array.from({ length: rows }, (_, row) => (row < 40 ? 0.9 : row < sure ? -0.9 : 0.1)),
  });
  const asked = (sure: number) => testOf({ ...given, labels }, judged(sure), { labelNoise: 0.005 });
  expect(asked(359)).toMatchObject({ sure: 359, contradictions: 40, isTold: false, isAlarm: false });
  expect(asked(360)).toMatchObject({ sure: 360, contradictions: 40, isTold: true, isAlarm: true });
});
