import type { PoisonScene, SceneColumn } from '../scene.ts';

/** Numbers of a picture that labels are judged by. */
const mostColumns = 160;

/**
 * Pictures as the columns that labels are judged by: each colour for itself, made smaller by the means of blocks until a picture has no
 * more than {@link mostColumns} numbers.
 */
export function pictureColumns({ values, shape }: NonNullable<PoisonScene['images']>, rows: number): SceneColumn[] {
  const [channels, height, width] = shape;
  const block = blockOf(shape);
  const [down, across] = [Math.ceil(height / block), Math.ceil(width / block)];
  const columns: SceneColumn[] = [];
  for (let channel = 0; channel < channels; channel += 1) {
    for (let at = 0; at < down * across; at += 1) {
      const [top, left] = [Math.floor(at / across) * block, (at % across) * block];
      const pixels = blockPixels({ top, left, block, height, width }).map((pixel) => channel * height * width + pixel);
      const column = new Float64Array(rows);
      for (let row = 0; row < rows; row += 1) {
        let sum = 0;
        for (const pixel of pixels) sum += values[row * channels * height * width + pixel] ?? 0;
        column[row] = sum / pixels.length;
      }
      columns.push({ name: `${channel}.${at}`, kind: 'number', values: column });
    }
  }
  return columns;
}

function blockOf([channels, height, width]: readonly [number, number, number]): number {
  let block = 1;
  while (channels * Math.ceil(height / block) * Math.ceil(width / block) > mostColumns) block += 1;
  return block;
}

interface Block {
  readonly top: number;
  readonly left: number;
  readonly block: number;
  readonly height: number;
  readonly width: number;
}

function blockPixels({ top, left, block, height, width }: Block): number[] {
  const pixels: number[] = [];
  for (let y = top; y < Math.min(height, top + block); y += 1) {
    for (let x = left; x < Math.min(width, left + block); x += 1) pixels.push(y * width + x);
  }
  return pixels;
}
