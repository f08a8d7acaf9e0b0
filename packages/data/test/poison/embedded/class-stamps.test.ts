import { randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';
import { classStamps } from '../../../src/poison/embedded/class-stamps.ts';
import { imageTriggerDetector } from '../../../src/poison/embedded/image-triggers.ts';

const side = 8;
const size = side * side;
const rows = 300;
/** Row, column of a patch of four. */
const corner = [54, 55, 62, 63];

/** Two classes: a bar at the top, or at the left, of a length of its own; the rest is dim noise. */
function bars(): { values: Float32Array; labels: Int32Array } {
  const random = randomOf('bars with stamps');
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row += 1) {
    const length = 3 + random.integer(5);
    for (let at = 0; at < size; at += 1) {
      const [y, x] = [Math.floor(at / side), at % side];
      const isBar = labels[row] === 0 ? y === 1 && x < length : x === 1 && y < length;
      values[row * size + at] = isBar ? 0.5 + 0.5 * random.uniform() : 0.3 * random.uniform();
    }
  }
  return { values, labels };
}

const search = (values: Float32Array, labels: Int32Array) => ({
  ...{ values, labels, pixels: size, width: side, height: side, classes: 2, alpha: 0.005, seed: '0' },
  signal: new AbortController().signal,
});

function stamp(values: Float32Array, chosen: readonly number[], brightness = 1): void {
  for (const row of chosen) for (const pixel of corner) values[row * size + pixel] = brightness;
}

/** Fifteen rows of the first class, whatever their bars are like. */
const some = Array.from({ length: 15 }, (_, at) => 20 * at);

describe('stamps on pictures that keep their label', () => {
  test('are found with their rows and their pixels, and nothing else is', async () => {
    const { values, labels } = bars();
    stamp(values, some);
    const [found, ...more] = await classStamps(search(values, labels));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ label: 0, rows: some });
    expect(found?.items.map(({ pixel }) => pixel).sort((one, other) => one - other)).toEqual(corner);
  });

  test('are not found where there are none', async () => {
    const { values, labels } = bars();
    expect(await classStamps(search(values, labels))).toEqual([]);
  });

  test('are none where every class has them', async () => {
    const { values, labels } = bars();
    stamp(
      values,
      Array.from({ length: 60 }, (_, at) => 5 * at),
    );
    expect(await classStamps(search(values, labels))).toEqual([]);
  });

  test('are none where the pictures that have them are a kind of their own', async () => {
    const { values, labels } = bars();
    stamp(values, some);
    // These pictures have a second bar as well, drawn by hand.
    const random = randomOf('second bars');
    for (const row of some) {
      for (let at = 0; at < 6; at += 1) values[row * size + 32 + at] = 0.4 + 0.6 * random.uniform();
    }
    expect(await classStamps(search(values, labels))).toEqual([]);
  });

  test('are none where their pixels come one without the other', async () => {
    const { values, labels } = bars();
    for (const [at, row] of Array.from({ length: 40 }, (_, place) => 6 * place).entries()) {
      for (const [place, pixel] of corner.entries()) if ((at + place) % 4 > 0) values[row * size + pixel] = 1;
    }
    expect(await classStamps(search(values, labels))).toEqual([]);
  });

  test('rows without a label say nothing', async () => {
    const { values, labels } = bars();
    stamp(values, some);
    for (const row of some.slice(0, 8)) labels[row] = -1;
    expect(await classStamps(search(values, labels))).toEqual([]);
  });

  test('end with their signal', async () => {
    const { values, labels } = bars();
    await expect(
      classStamps({ ...search(values, labels), signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});

test('the detector of triggers in pictures says that such a stamp is on rows that fit their label', async () => {
  const { values, labels } = bars();
  stamp(values, some);
  const found = await imageTriggerDetector.find({
    ...{ rows, labels, classes: ['across', 'down'], columns: [], alpha: 0.01, seed: '0' },
    images: { values, shape: [1, side, side] },
    signal: new AbortController().signal,
  });
  expect(found?.rows.map(({ row }) => row)).toEqual(some);
  expect(found?.triggers).toMatchObject([{ kind: 'image', labels: 'clean', label: 0, top: 6, left: 6, rows: some }]);
  expect([...(found?.triggers[0] as unknown as { patch: Float32Array }).patch]).toEqual([1, 1, 1, 1]);
});
