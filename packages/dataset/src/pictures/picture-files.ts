import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../bounded-file.ts';
import { DatasetError, shown } from '../errors.ts';
import { JpegDecoder } from '../jpeg/jpeg-decoder.ts';
import { jpegHeader } from '../jpeg/jpeg-header.ts';
import { type Image, pngSize, readPng } from '../png.ts';
import { defaultLimits, type Limits } from '../samples.ts';
import { imageFormatOf } from '../table/array/image-format.ts';
import type { ChoosePictures, Pictures } from './pictures.ts';

type Size = Pick<Image, 'width' | 'height' | 'channels'>;

/** One picture. */
const limits: Limits = { ...defaultLimits, fileBytes: 2 ** 28 };
/** Of one picture; larger ones are not decoded. */
const mostPixels = 2 ** 24;
const mostLines = 1000;

/**
 * Pictures in files, PNG and JPEG: those of the size that most of them have. A grey one among coloured ones has three equal colours. What
 * cannot be decoded, or is of another size, is left out and said.
 *
 * @param files paths below `root`
 * @throws DatasetError HF_DATASET_FORMAT where there is none that can be read, HF_DATASET_UNREADABLE
 */
export async function pictureFiles(root: string, files: readonly string[], choose: ChoosePictures): Promise<Pictures> {
  const left = new Lines();
  const sizes = files.map((file) => tried(file, left, () => sizeOf(join(root, file), file)));
  const { width, height, channels } = usual(sizes) ?? refuse(root, left);
  const fitting: number[] = [];
  for (const [at, size] of sizes.entries()) {
    if (size === undefined) continue;
    const isFitting = size.width === width && size.height === height && isSeenAs(size.channels, channels);
    if (isFitting) fitting.push(at);
    else left.add(files[at] ?? '', `it is ${textOf(size)}, and most are ${textOf({ width, height, channels })}`);
  }
  const area = width * height;
  const jpeg = await JpegDecoder.load();
  const values: Float32Array[] = [];
  const places: number[] = [];
  for (const index of choose(fitting.length, channels * area)) {
    const at = fitting[index] ?? 0;
    const file = files[at] ?? '';
    const image = tried(file, left, () => decoded(join(root, file), file, jpeg));
    if (image === undefined) continue;
    values.push(channelsFirst(image, channels));
    places.push(at);
  }
  const size = channels * area;
  const all = new Float32Array(values.length * size);
  for (const [row, each] of values.entries()) all.set(each, row * size);
  return {
    ...{ shape: [channels, height, width], values: all, places: Uint32Array.from(places), total: files.length },
    ...{ unread: left.count, left: left.all(), areBytes: true },
  };
}

/** What is left out: so many lines, and how many more. */
class Lines {
  readonly #lines: string[] = [];
  #more = 0;
  count = 0;

  add(file: string, why: string): void {
    this.count += 1;
    if (this.#lines.length < mostLines) this.#lines.push(`${shown(file)}: ${why}`);
    else this.#more += 1;
  }

  all(): readonly string[] {
    return this.#more === 0 ? this.#lines : [...this.#lines, `and ${this.#more} more pictures`];
  }
}

function tried<Result>(file: string, left: Lines, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    left.add(file, `its pixels are not read: ${error.message}`);
    return undefined;
  }
}

function sizeOf(path: string, file: string): Size {
  const start = startOf(path);
  const isJpeg = imageFormatOf(start) === 'jpeg';
  const size = isJpeg ? jpegHeader(readBounded(path, limits), file) : pngSize(start, file);
  if (size.width * size.height <= mostPixels) return size;
  throw new DatasetError('HF_DATASET_LIMIT', `${shown(file)} is ${textOf(size)}, more than ${mostPixels} pixels`, {
    where: file,
  });
}

function startOf(path: string): Uint8Array {
  const bytes = new Uint8Array(33);
  try {
    const file = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened`, { where: path, cause });
  }
}

/** The size that most have, with colours where some have them. */
function usual(sizes: readonly (Size | undefined)[]): Size | undefined {
  const counts = new Map<string, { readonly size: Size; count: number }>();
  for (const size of sizes) {
    if (size === undefined) continue;
    const key = `${size.width} ${size.height} ${size.channels === 1 ? 3 : size.channels}`;
    const known = counts.get(key) ?? { size, count: 0 };
    const isRicher = size.channels > known.size.channels;
    counts.set(key, { size: isRicher ? size : known.size, count: known.count + 1 });
  }
  return [...counts.values()].toSorted((one, other) => other.count - one.count)[0]?.size;
}

const isSeenAs = (channels: number, usually: number): boolean =>
  channels === usually || (channels === 1 && usually === 3);

function decoded(path: string, file: string, jpeg: JpegDecoder): Image {
  const bytes = readBounded(path, limits);
  return imageFormatOf(bytes) === 'jpeg' ? jpeg.read(bytes, file) : readPng(bytes, file);
}

function channelsFirst({ pixels, channels: own, width, height }: Image, channels: number): Float32Array {
  const area = width * height;
  const values = new Float32Array(channels * area);
  for (let channel = 0; channel < channels; channel += 1) {
    for (let at = 0; at < area; at += 1)
      values[channel * area + at] = pixels[at * own + Math.min(channel, own - 1)] ?? 0;
  }
  return values;
}

const textOf = ({ width, height, channels }: Size): string => `${width}×${height}×${channels}`;

function refuse(root: string, left: Lines): never {
  const [first] = left.all();
  const why = first === undefined ? 'holds no picture' : `holds no picture that is read: ${first}`;
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(root)} ${why}`, { where: root });
}
