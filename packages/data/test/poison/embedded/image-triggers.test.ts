import { randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';
import { imageTriggerDetector } from '../../../src/poison/embedded/image-triggers.ts';
import type { PoisonScene } from '../../../src/poison/scene.ts';

const side = 6;
const size = side * side;
const perClass = 60;

/** Three classes of noisy bars, each in a place of its own. */
function bars(): { values: Float32Array; labels: Int32Array } {
  const random = randomOf('bars');
  const labels = Int32Array.from({ length: 3 * perClass }, (_, row) => row % 3);
  const values = new Float32Array(labels.length * size).map((_, at) => {
    const isBar = Math.floor((at % size) / side) === (labels[Math.floor(at / size)] ?? 0);
    return isBar ? 0.5 + 0.4 * random.uniform() : 0.3 * random.uniform();
  });
  return { values, labels };
}

const scene = (values: Float32Array, labels: Int32Array): PoisonScene => ({
  ...{ rows: labels.length, labels, classes: ['a', 'b', 'c'], columns: [], alpha: 0.01, seed: 'seed' },
  images: { values, shape: [1, side, side] },
  signal: new AbortController().signal,
});

describe('triggers in pictures', () => {
  test('a patch that twelve pictures of other classes carry is found with its rows, its place and its brightness', async () => {
    const { values, labels } = bars();
    const planted = Array.from({ length: 12 }, (_, at) => 3 * at + 1 + (at % 2));
    for (const row of planted) {
      labels[row] = 0;
      for (const pixel of [28, 29, 34, 35]) values[row * size + pixel] = 1;
    }
    const found = await imageTriggerDetector.find(scene(values, labels));
    expect(found?.rows.map(({ row }) => row).sort((one, other) => one - other)).toEqual(planted);
    expect(found?.triggers).toMatchObject([
      { kind: 'image', label: 0, top: 4, left: 4, shape: [1, 2, 2], rows: planted },
    ]);
    expect([...(found?.triggers[0] as unknown as { patch: Float32Array }).patch]).toEqual([1, 1, 1, 1]);
  });

  test('clean pictures raise no alarm', async () => {
    const { values, labels } = bars();
    expect(await imageTriggerDetector.find(scene(values, labels))).toMatchObject({ rows: [], triggers: [], left: [] });
  });

  test('without pictures there is nothing to say', async () => {
    const { images, ...rest } = scene(new Float32Array(), new Int32Array());
    expect(images).toBeDefined();
    expect(await imageTriggerDetector.find(rest)).toBeUndefined();
  });

  test.each([
    ['no pictures', 0, 0, 'too few'],
    ['one picture', 1, 0, 'too few'],
    ['one class', 50, 0, 'one label'],
    ['constant pictures', 50, 2, 'one value'],
  ])('%s are left', async (_, rows, classes, why) => {
    const labels = Int32Array.from({ length: rows }, (__, row) => (classes === 0 ? 0 : row % classes));
    const found = await imageTriggerDetector.find(scene(new Float32Array(rows * size).fill(0.5), labels));
    expect(found).toMatchObject({ rows: [], left: [expect.stringContaining(why)], share: { high: 1 } });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 255])('a pixel of %d is refused', async (pixel) => {
    const { values, labels } = bars();
    values[7] = pixel;
    await expect(imageTriggerDetector.find(scene(values, labels))).rejects.toMatchObject({ code: 'HF_DATA_IMAGES' });
  });

  test('pictures of another number of rows are refused', async () => {
    const { values, labels } = bars();
    await expect(imageTriggerDetector.find(scene(values.slice(size), labels))).rejects.toMatchObject({
      code: 'HF_DATA_IMAGES',
    });
  });
});
