import { lstatSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { npzOf, type WrittenArray } from '@holdfast/dataset';
import type { NumberArray } from '@holdfast/dataset/array';
import { allArrays } from '@holdfast/dataset/pictures/picture-arrays';
import { existing, placeFile } from '@holdfast/dataset/table/place-file';
import { DataError } from '../errors.ts';
import type { TwoPaths } from './picture-folders.ts';

/** @throws DataError HF_DATA_OPTIONS; DatasetError HF_DATASET_EXISTS */
export function requireNpz(path: string, isForced: boolean): void {
  if (extname(path).toLowerCase() !== '.npz') {
    throw new DataError('HF_DATA_OPTIONS', `pictures in arrays are written as npz, and \`${basename(path)}\` is none`, {
      fix: 'name two files that end in .npz',
    });
  }
  if (!isForced && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw existing(path);
}

/** Arrays of one file that have a row for each picture. */
export interface DividedArrays {
  readonly rows: number;
  /** Writes both files. @param aside places that are set aside, from 0 */
  divide(aside: ReadonlySet<number>, paths: TwoPaths, isForced: boolean): Promise<void>;
}

/**
 * The arrays of npz, npy or IDX, to be written as two npz: `x` and `y` where they have no names.
 *
 * @throws DataError HF_DATA_ARTIFACT where an array has another number of rows, or numbers that npz written here cannot hold; DatasetError
 */
export function dividedArrays(path: string, format: 'npy' | 'npz' | 'idx', labels: string | undefined): DividedArrays {
  const arrays = allArrays(path, format, labels === undefined ? {} : { labels });
  const rows = arrays[0]?.array.shape[0] ?? 0;
  const odd = arrays.find(({ array }) => array.shape[0] !== rows);
  if (odd !== undefined) {
    const message = `the array \`${odd.name}\` of \`${basename(path)}\` has another number of rows than the first one`;
    throw new DataError('HF_DATA_ARTIFACT', message, { fix: 'write the arrays that belong together to one file' });
  }
  const written = (places: readonly number[]): Uint8Array =>
    npzOf(Object.fromEntries(arrays.map(({ name, array }) => [name, writtenArray(name, array, places)])));
  return {
    rows,
    divide: async (aside, { kept, setAside }, isForced) => {
      const all = Array.from({ length: rows }, (_, place) => place);
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-quarantine-'));
      try {
        const parts = [
          [setAside, all.filter((place) => aside.has(place))],
          [kept, all.filter((place) => !aside.has(place))],
        ] as const;
        for (const [at, [, places]] of parts.entries()) await writeFile(join(folder, `${at}.npz`), written(places));
        for (const [at, [target]] of parts.entries()) await placeFile(join(folder, `${at}.npz`), target, isForced);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function writtenArray(name: string, array: NumberArray, places: readonly number[]): WrittenArray {
  const size = array.shape.slice(1).reduce((product, each) => product * each, 1);
  const data = new (typeOf(name, array))(places.length * size);
  for (const [row, place] of places.entries()) {
    for (let at = 0; at < size; at += 1) data[row * size + at] = array.at(place * size + at);
  }
  return { shape: [places.length, ...array.shape.slice(1)], data };
}

/** The smallest type that npz is written with here and that holds every number. */
function typeOf(name: string, { element, at, length }: NumberArray) {
  if (element === 'single') return Float32Array;
  if (element === 'double') return Float64Array;
  let [least, most] = [0, 0];
  for (let index = 0; index < length; index += 1) {
    least = Math.min(least, at(index));
    most = Math.max(most, at(index));
  }
  if (least >= 0 && most <= 255) return Uint8Array;
  if (least >= -(2 ** 31) && most < 2 ** 31) return Int32Array;
  throw new DataError('HF_DATA_ARTIFACT', `the array \`${name}\` holds whole numbers of more than 32 bits`, {
    fix: 'write it as float64, or divide the file elsewhere',
  });
}
