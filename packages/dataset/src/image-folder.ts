import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded, requireSize } from './bounded-file.ts';
import { DatasetError, shown } from './errors.ts';
import { type Image, readPng } from './png.ts';
import type { Limits, SampleOptions, Samples } from './samples.ts';

interface Found {
  readonly path: string;
  readonly label: number;
}

/**
 * A folder that holds a folder for each class, and in it PNG images of one size: `[images, channels, height, width]`, from 0 to 255.
 * Classes and files are in the order of their code points.
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LABELS, HF_DATASET_LIMIT, HF_DATASET_UNREADABLE
 */
export function readImageFolder(path: string, options: SampleOptions, limits: Limits): Samples {
  const folders = inOrder(path);
  const classes = [...(options.classes ?? folders)];
  const files = folders.flatMap((name) => filesOf(path, name, classes));
  const [first] = files;
  if (first === undefined)
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} holds no images`, { where: path });
  const { channels, height, width } = decoded(first.path, limits);
  const shape = [files.length, channels, height, width];
  const values = new Float32Array(requireSize(path, shape, limits));
  for (const [row, file] of files.entries()) {
    const image = decoded(file.path, limits);
    if (image.channels !== channels || image.height !== height || image.width !== width) {
      const [is, others] = [image, { width, height, channels }].map(
        (one) => `${one.width}×${one.height}×${one.channels}`,
      );
      throw new DatasetError('HF_DATASET_FORMAT', `${shown(file.path)} is ${is ?? ''}, others are ${others ?? ''}`, {
        where: file.path,
      });
    }
    place(image, values, row);
  }
  return { shape, values, labels: Int32Array.from(files, ({ label }) => label), classes };
}

function decoded(path: string, limits: Limits): Image {
  return readPng(readBounded(path, limits), path);
}

/** Channels last become channels first. */
function place({ pixels, channels, width, height }: Image, values: Float32Array, row: number): void {
  const area = width * height;
  const start = row * channels * area;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let at = 0; at < area; at += 1) {
      values[start + channel * area + at] = pixels[at * channels + channel] ?? 0;
    }
  }
}

function filesOf(path: string, name: string, classes: readonly string[]): Found[] {
  const label = classes.indexOf(name);
  if (label === -1) {
    throw new DatasetError('HF_DATASET_LABELS', `the folder ${shown(name)} is not among the classes`, { where: path });
  }
  return inOrder(join(path, name)).map((file) => ({ path: join(path, name, file), label }));
}

function inOrder(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.startsWith('.'))
      .toSorted(byCodePoint);
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} is not a folder of images`, { where: path, cause });
  }
}

/** The same order on every machine, whatever its language. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
