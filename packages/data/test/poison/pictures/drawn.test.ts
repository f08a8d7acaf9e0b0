import { readPng } from '@holdfast/dataset/png';
import { expect, test } from 'vitest';
import { drawn, drawnChange, drawnPattern } from '../../../src/poison/pictures/drawn.ts';

const imageOf = (url: string) => readPng(Buffer.from(url.replace('data:image/png;base64,', ''), 'base64'), 'drawn');

/** The pixel in the middle of each block that a pixel of the picture became. */
function middles(url: string, height: number, width: number): number[][] {
  const { pixels, channels, ...size } = imageOf(url);
  const [tall, wide] = [size.height / height, size.width / width];
  return Array.from({ length: height * width }, (_, at) => {
    const [y, x] = [Math.floor((Math.floor(at / width) + 0.5) * tall), Math.floor(((at % width) + 0.5) * wide)];
    return [...pixels.subarray((y * size.width + x) * channels, (y * size.width + x + 1) * channels)];
  });
}

test('a picture is enlarged, grey and in colours', () => {
  expect(middles(drawn(Float32Array.of(0, 0.2, 0.4, 1), [1, 2, 2]), 2, 2)).toEqual([[0], [51], [102], [255]]);
  expect(middles(drawn(Float32Array.of(0, 1, 0.2, 0.4, 0.6, 0.8), [3, 1, 2]), 1, 2)).toEqual([
    [0, 51, 153],
    [255, 102, 204],
  ]);
  expect(imageOf(drawn(new Float32Array(4), [1, 2, 2])).width).toBeGreaterThanOrEqual(112);
});

test('a large one is made smaller, and one of many channels is their mean', () => {
  const { width, height } = imageOf(drawn(new Float32Array(1000 * 500), [1, 500, 1000]));
  expect([width, height]).toEqual([160, 80]);
  expect(middles(drawn(Float32Array.of(0, 0.2, 0.4, 0.6, 0.8), [5, 1, 1]), 1, 1)).toEqual([[102]]);
});

test('a change is grey where there is none, and its largest number is black or white', () => {
  expect(middles(drawnChange(Float32Array.of(0, 0.1, -0.05, 0), [1, 1, 4]), 1, 4)).toEqual([[128], [255], [64], [128]]);
  expect(middles(drawnChange(Float32Array.of(0, 0), [1, 1, 2]), 1, 2)).toEqual([[128], [128]]);
});

test('a pattern stands in its place, and what does not belong to it is of another colour than any grey', () => {
  const about = { kind: 'image', label: 0, labels: 'changed', rows: [], p: 0 } as const;
  const patch = Float32Array.of(1, Number.NaN, 0.2, 0);
  const found = middles(drawnPattern({ ...about, top: 1, left: 1, patch, shape: [1, 2, 2] }, [1, 3, 3]), 3, 3);
  const isGround = ([red = 0, green = 0, blue = 0]: readonly number[]): boolean => red < green && green < blue;
  expect(found.map(isGround)).toEqual([true, true, true, true, false, true, true, false, false]);
  expect([found[4], found[7], found[8]]).toEqual([
    [255, 255, 255],
    [51, 51, 51],
    [0, 0, 0],
  ]);
});

test('a colour that does not belong to a pattern is that of the accused, or half lit', () => {
  const patch = Float32Array.of(1, Number.NaN, 0);
  const trigger = {
    kind: 'image',
    label: 0,
    labels: 'changed',
    rows: [],
    p: 0,
    top: 0,
    left: 0,
    patch,
    shape: [3, 1, 1],
  } as const;
  expect(middles(drawnPattern(trigger, [3, 1, 1], Float32Array.of(0.2, 0.4, 0.6)), 1, 1)).toEqual([[255, 102, 0]]);
  expect(middles(drawnPattern(trigger, [3, 1, 1]), 1, 1)).toEqual([[255, 128, 0]]);
});
