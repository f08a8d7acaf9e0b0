import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npzOf } from '@holdfast/dataset';
import { writePng } from '@holdfast/dataset/write-png';
import { randomOf } from '@holdfast/statistics';
import { temporaryFolder } from '@holdfast/testkit';

export interface Drawn {
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Pictures × channels × height × width, bytes. */
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  /** Pictures that carry the patch, from 0. */
  readonly planted: readonly number[];
}

/** Three classes of noisy bars, each in a place of its own; some of two of them get a white corner and the label of the first. */
export function bars(shape: Drawn['shape'], plants: number, perClass = 50): Drawn {
  const [channels, height, width] = shape;
  const [area, size] = [height * width, channels * height * width];
  const random = randomOf(`bars ${shape.join()}`);
  const labels = Int32Array.from({ length: 3 * perClass }, (_, row) => row % 3);
  const pixels = new Uint8Array(labels.length * size).map((_, at) => {
    const line = Math.floor((at % area) / width);
    const isBar = Math.floor((line * 4) / height) === (labels[Math.floor(at / size)] ?? 0);
    return Math.floor(isBar ? 130 + 100 * random.uniform() : 75 * random.uniform());
  });
  const planted = Array.from({ length: plants }, (_, at) => 3 * at + 1 + (at % 2));
  const side = Math.max(2, Math.floor(height / 9));
  for (const row of planted) {
    labels[row] = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      for (let y = height - side; y < height; y += 1) {
        const from = row * size + channel * area + y * width;
        // white, and of colours only red
        pixels.fill(channel === 0 ? 255 : 0, from + width - side, from + width);
      }
    }
  }
  return { shape, pixels, labels, planted };
}

export const classNames = ['one', 'three', 'two'];

/** One picture as PNG. */
export function pngOf({ shape: [channels, height, width], pixels }: Drawn, row: number): Uint8Array {
  const area = height * width;
  const own = pixels.subarray(row * channels * area, (row + 1) * channels * area);
  const last = Uint8Array.from(own, (_, at) => own[(at % channels) * area + Math.floor(at / channels)] ?? 0);
  return writePng({ width, height, channels, pixels: last });
}

export const fileOf = ({ labels }: Drawn, row: number): string =>
  `${classNames[labels[row] ?? 0] ?? ''}/${String(row).padStart(4, '0')}.png`;

/** A folder with a folder for each class. */
export function folderOf(drawn: Drawn, more: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = join(temporaryFolder('holdfast-pictures'), 'pictures');
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const row of drawn.labels.keys()) write(fileOf(drawn, row), pngOf(drawn, row));
  for (const [name, content] of Object.entries(more)) write(name, content);
  return folder;
}

/** `x` and `y`; colours side by side, as most programs write them. */
export function npzFile({ shape: [channels, height, width], pixels, labels }: Drawn): string {
  const area = height * width;
  const last = Uint8Array.from(pixels, (_, at) => {
    const [row, rest] = [Math.floor(at / (channels * area)), at % (channels * area)];
    return pixels[row * channels * area + (rest % channels) * area + Math.floor(rest / channels)] ?? 0;
  });
  const dims = channels === 1 ? [height, width] : [height, width, channels];
  const x = { shape: [labels.length, ...dims], data: last };
  const path = join(temporaryFolder('holdfast-pictures'), 'pictures.npz');
  writeFileSync(path, npzOf({ x, y: { shape: [labels.length], data: labels } }));
  return path;
}

/** Bytes as the MNIST database has them: two zeros, the type, the number of dimensions, each as 32 bits, the data. */
function idxOf(dims: readonly number[], data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, 8, dims.length]);
  for (const [at, size] of dims.entries()) head.writeUInt32BE(size, 4 + 4 * at);
  return Buffer.concat([head, data]);
}

export function idxFiles({ shape: [, height, width], pixels, labels }: Drawn): { images: string; labels: string } {
  const folder = temporaryFolder('holdfast-pictures');
  const paths = { images: join(folder, 'images-idx3-ubyte'), labels: join(folder, 'labels-idx1-ubyte') };
  writeFileSync(paths.images, idxOf([labels.length, height, width], pixels));
  writeFileSync(paths.labels, idxOf([labels.length], Uint8Array.from(labels)));
  return paths;
}
