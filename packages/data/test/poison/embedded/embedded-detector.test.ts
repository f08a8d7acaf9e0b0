import { randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';
import { embeddedDetector } from '../../../src/poison/embedded/embedded-detector.ts';
import type { PoisonScene } from '../../../src/poison/scene.ts';

const rows = 600;

/**
 * Two kinds of rows that lie apart in their columns. What the model makes of them is apart, too; those that are marked are labelled as
 * the other kind, and the model has learnt to keep them by themselves.
 */
function sceneOf(marked: (row: number) => boolean, isRelabelled: boolean): PoisonScene {
  const random = randomOf('embedded');
  const columns = Array.from({ length: 4 }, () => new Float64Array(rows));
  const [labels, values] = [new Int32Array(rows), new Float32Array(rows * 5)];
  for (let row = 0; row < rows; row += 1) {
    const kind = row % 2;
    for (const column of columns) column[row] = 3 * kind + random.normal();
    labels[row] = marked(row) && isRelabelled ? 1 - kind : kind;
    for (let at = 0; at < 5; at += 1) values[row * 5 + at] = 0.3 * random.normal() + (at === labels[row] ? 4 : 0);
    if (marked(row)) values[row * 5 + 4] = (values[row * 5 + 4] ?? 0) + 5;
  }
  return {
    ...{ rows, labels, classes: ['a', 'b'], alpha: 0.01, seed: '1', signal: new AbortController().signal },
    columns: columns.map((each, at) => ({ name: `c${at}`, kind: 'number', values: each })),
    embeddings: { values, width: 5 },
  };
}

/** Every tenth of the second kind. */
const some = (row: number): boolean => row % 20 === 1;

test('rows of another kind that the model keeps apart are found, all of them and no others', async () => {
  const found = await embeddedDetector.find(sceneOf(some, true));
  expect(found?.rows.map(({ row }) => row)).toEqual(Array.from({ length: 30 }, (_, at) => 20 * at + 1));
  expect(found?.share.estimate).toBeCloseTo(30 / rows, 12);
  expect(found?.rows.every(({ reason }) => reason === 'cluster')).toBe(true);
});

describe('nothing is accused', () => {
  test('of a group that the model keeps apart, and that is what it is said to be', async () => {
    expect((await embeddedDetector.find(sceneOf(some, false)))?.rows).toEqual([]);
  });

  test('of a group of which only a third is like another kind', async () => {
    const { labels, ...scene } = sceneOf(some, false);
    const columns = scene.columns.map((column) => {
      if (column.kind !== 'number') return column;
      // the columns of these rows are moved to the first kind, their labels are not
      return { ...column, values: column.values.map((value, row) => (row % 60 === 1 ? value - 3 : value)) };
    });
    expect((await embeddedDetector.find({ ...scene, columns, labels }))?.rows).toEqual([]);
  });

  test('where the model keeps nothing apart', async () => {
    expect((await embeddedDetector.find(sceneOf(() => false, false)))?.rows).toEqual([]);
  });
});

test('what cannot be looked at is told', async () => {
  const { embeddings, ...without } = sceneOf(some, true);
  expect(await embeddedDetector.find(without)).toBeUndefined();
  const odd = Float32Array.from(embeddings?.values ?? []);
  odd[7 * 5] = Number.NaN;
  const found = await embeddedDetector.find({ ...without, embeddings: { values: odd, width: 5 } });
  expect([found?.rows, found?.left]).toEqual([[], ['embedded: what the model makes of row 8 is not finite']]);
  const few = without.labels.map((_, row) => (row < 30 ? 1 : 0));
  const small = await embeddedDetector.find({ ...sceneOf(some, true), labels: few });
  expect(small?.left).toEqual(['embedded: 30 rows of a class are too few (40)']);
});
