import { DataError } from '../../errors.ts';
import type { PoisonScene } from '../scene.ts';
import { farPixels } from './pixel-range.ts';

/** Pictures of a table, and what has to be said about their pixels. */
export interface PixelColumns {
  readonly images: NonNullable<PoisonScene['images']>;
  readonly left: readonly string[];
}

/**
 * The columns of numbers as pixels, in their order, from 0 (the least of all) to 1; a missing one is 0.
 *
 * @param shape `height x width`, or `channels x height x width`
 * @throws DataError HF_DATA_IMAGES where there are more or fewer columns than pixels
 */
export function pixelColumns({ columns, rows }: PoisonScene, shape: string): PixelColumns {
  const sizes = shape.split('x').map(Number);
  const [channels = 1, height = 1, width = 1] = sizes.length === 3 ? sizes : [1, ...sizes];
  const pixels = columns.flatMap((column) => (column.kind === 'number' ? [column.values] : []));
  if (pixels.length !== channels * height * width) {
    const message = `\`${shape}\` are ${channels * height * width} pixels, and there are ${pixels.length} columns of numbers`;
    throw new DataError('HF_DATA_IMAGES', message, { where: 'pictures' });
  }
  const [least, most] = rangeOf(pixels);
  const values = new Float32Array(rows * pixels.length);
  for (const [at, column] of pixels.entries()) {
    for (let row = 0; row < rows; row += 1) {
      const value = column[row] ?? Number.NaN;
      values[row * pixels.length + at] = Number.isFinite(value) && most > least ? (value - least) / (most - least) : 0;
    }
  }
  const isOne = !(most > least) || rows === 0;
  return { images: { values, shape: [channels, height, width] }, left: isOne ? [] : farPixels(values, [0, 1]) };
}

function rangeOf(columns: readonly Float64Array[]): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return [least, most];
}
