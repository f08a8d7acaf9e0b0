import type { NumberArray } from '../array.ts';
import { readBounded } from '../bounded-file.ts';
import { DatasetError, shown } from '../errors.ts';
import { readIdx } from '../idx.ts';
import { isNpy, readNpy } from '../npy.ts';
import { arraysOf, memberOf } from '../npz.ts';
import { defaultLimits, type Limits } from '../samples.ts';
import { pictureLayout } from './picture-layout.ts';
import type { ChoosePictures, Pictures } from './pictures.ts';

/** Where pictures and their labels lie in arrays. */
export interface PictureArrays {
  /** Empty where a file holds one array. */
  readonly name: string;
  readonly pictures: NumberArray;
  readonly labels?: { readonly name: string; readonly array: NumberArray };
}

export interface PictureArrayOptions {
  /** Of npy and IDX: the path of another such file, which holds a label for each picture. */
  readonly labels?: string;
  /** Of npz: the array with the labels; `y` unless given. */
  readonly label?: string;
}

/** Bytes of a file, and of what is unpacked from it. */
const limits: Limits = { ...defaultLimits, fileBytes: 2 ** 30 };

/**
 * Arrays of a file whose first dimension counts pictures: of npz `x`, or the only one of more than two dimensions, with its labels `y`.
 *
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LABELS, HF_DATASET_LIMIT, HF_DATASET_TYPE, HF_DATASET_UNREADABLE
 */
export function pictureArrays(
  path: string,
  format: 'npy' | 'npz' | 'idx',
  options: PictureArrayOptions = {},
): PictureArrays {
  const bytes = readBounded(path, limits);
  if (format === 'npz') return requireLabelled(npzArrays(bytes, path, options.label ?? 'y'), path);
  const pictures = arrayOf(bytes, path);
  if (options.labels === undefined) return requireLabelled({ name: '', pictures }, path);
  const array = arrayOf(readBounded(options.labels, limits), options.labels);
  return requireLabelled({ name: '', pictures, labels: { name: 'label', array } }, path);
}

/**
 * All arrays of a file, with the labels that lie in another one: `x` and `y` where they have no names.
 *
 * @throws as {@link pictureArrays}
 */
export function allArrays(
  path: string,
  format: 'npy' | 'npz' | 'idx',
  { labels }: Pick<PictureArrayOptions, 'labels'>,
): readonly { readonly name: string; readonly array: NumberArray }[] {
  const bytes = readBounded(path, limits);
  if (format === 'npz') return arraysOf(bytes, path).map((name) => ({ name, array: member(bytes, name, path) }));
  const beside = labels === undefined ? [] : [{ name: 'y', array: arrayOf(readBounded(labels, limits), labels) }];
  return [{ name: 'x', array: arrayOf(bytes, path) }, ...beside];
}

function member(bytes: Uint8Array, name: string, path: string): NumberArray {
  const content = memberOf(bytes, name, path, limits);
  return content === undefined ? refuse(`holds no array ${shown(name)}`, path) : readNpy(content, path);
}

function npzArrays(bytes: Uint8Array, path: string, label: string): PictureArrays {
  const names = arraysOf(bytes, path);
  const read = (name: string): NumberArray => member(bytes, name, path);
  const others = names.filter((name) => name !== label);
  const [name, second] = others.includes('x')
    ? ['x']
    : others.filter((each) => others.length === 1 || read(each).shape.length > 2);
  if (name === undefined || second !== undefined) refuse('holds no array `x`', path);
  const labels = names.includes(label) ? { labels: { name: label, array: read(label) } } : {};
  return { name, pictures: read(name), ...labels };
}

const arrayOf = (bytes: Uint8Array, path: string): NumberArray =>
  isNpy(bytes) ? readNpy(bytes, path) : readIdx(bytes, path);

function requireLabelled(arrays: PictureArrays, path: string): PictureArrays {
  const { pictures, labels } = arrays;
  const [total] = pictures.shape;
  if (total === undefined) refuse('holds one number, not pictures', path);
  if (labels === undefined || (labels.array.shape[0] === total && labels.array.length === total)) return arrays;
  const message = `there are ${total} pictures, and labels of the shape [${labels.array.shape.join(', ')}]`;
  throw new DatasetError('HF_DATASET_LABELS', `${message}, in ${shown(path)}`, { where: path });
}

/**
 * The pictures of an array.
 *
 * @param asked their shape, where somebody says it: `[height, width]` or `[channels, height, width]`
 * @throws DatasetError HF_DATASET_FORMAT
 */
export function picturesOfArray(
  array: NumberArray,
  choose: ChoosePictures,
  { asked, path }: { readonly asked?: readonly number[] | undefined; readonly path: string },
): Pictures {
  const [total = 0, ...dims] = array.shape;
  const { shape, isChannelsLast } = pictureLayout(dims, asked, path);
  const [channels, height, width] = shape;
  const [area, size] = [height * width, channels * height * width];
  const places = choose(total, size);
  const values = new Float32Array(places.length * size);
  for (const [row, place] of places.entries()) {
    for (let at = 0; at < size; at += 1) {
      const to = isChannelsLast ? (at % channels) * area + Math.floor(at / channels) : at;
      values[row * size + to] = array.at(place * size + at);
    }
  }
  const areBytes = array.element === 'integer' && total > 0 && array.bytesOf(0, 1).length === 1;
  return { shape, values, places, total, unread: 0, left: [], areBytes };
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
