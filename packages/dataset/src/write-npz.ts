import { crc32 } from 'node:zlib';
import { DatasetError } from './errors.ts';

/** An array to be written; row-major. */
export interface WrittenArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/**
 * Writes arrays as numpy.savez does: a zip archive of npy files of version 1.0, stored, little-endian, with the date of
 * the first day of zip, so that the same arrays are the same bytes.
 * @param arrays by name; samples are `x` and labels are `y`, for `readSamples`
 * @throws DatasetError HF_DATASET_OPTIONS if a shape does not fit its data, HF_DATASET_LIMIT beyond 2 GiB
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { npzOf } from '@holdfast/dataset';
 * const x = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
 * writeFileSync('samples.npz', npzOf({ x, y: { shape: [2], data: Int32Array.of(0, 1) } }));
 * ```
 */
export function npzOf(arrays: Readonly<Record<string, WrittenArray>>): Uint8Array {
  const members = Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, content: npyOf(name, array) }));
  const total = members.reduce((sum, { content }) => sum + content.length, 0);
  if (total > 2 ** 31) throw new DatasetError('HF_DATASET_LIMIT', `the arrays are ${total} bytes, more than 2 GiB`);
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, content } of members) {
    const text = Buffer.from(name, 'utf8');
    const [local, central] = [header(text, content, undefined), header(text, content, at)];
    parts.push(local, text, content);
    directory.push(central, text);
    at += local.length + text.length + content.length;
  }
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...parts, ...directory, ending(members.length, directoryBytes, at)]);
}

const types = { Float32Array: '<f4', Float64Array: '<f8', Int32Array: '<i4', Uint8Array: '|u1' } as const;

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: the header ends on a multiple of 64 bytes. */
function npyOf(name: string, { shape, data }: WrittenArray): Uint8Array {
  if (shape.reduce((product, size) => product * size, 1) !== data.length) {
    const message = `the array \`${name}\` has ${data.length} numbers, its shape is [${shape.join(', ')}]`;
    throw new DatasetError('HF_DATASET_OPTIONS', message);
  }
  const dims = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const type = types[data.constructor.name as keyof typeof types];
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const start = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(length - 1)}\n`, 'latin1');
  start.writeUInt16LE(length, 8);
  return Buffer.concat([start, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** APPNOTE 6.3.10, 4.3.7 and 4.3.12. @param at where the member begins; for its entry in the directory */
function header(name: Uint8Array, content: Uint8Array, at: number | undefined): Buffer {
  const isLocal = at === undefined;
  const bytes = Buffer.alloc(isLocal ? 30 : 46);
  bytes.writeUInt32LE(isLocal ? 0x04034b50 : 0x02014b50, 0);
  const fields = bytes.subarray(isLocal ? 4 : 6);
  if (!isLocal) bytes.writeUInt16LE(20, 4);
  fields.writeUInt16LE(20, 0);
  // 1980-01-01
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  if (!isLocal) bytes.writeUInt32LE(at, 42);
  return bytes;
}

/** 4.3.16. */
function ending(members: number, directoryBytes: number, at: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(0x06054b50, 0);
  bytes.writeUInt16LE(members, 8);
  bytes.writeUInt16LE(members, 10);
  bytes.writeUInt32LE(directoryBytes, 12);
  bytes.writeUInt32LE(at, 16);
  return bytes;
}
