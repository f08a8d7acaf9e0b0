import type { NumberArray } from './array.ts';
import { DatasetError, shown } from './errors.ts';

/** The element types of IDX, with their bytes; all big-endian. */
const types: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  0x08: [1, (view, at) => view.getUint8(at)],
  0x09: [1, (view, at) => view.getInt8(at)],
  0x0b: [2, (view, at) => view.getInt16(at)],
  0x0c: [4, (view, at) => view.getInt32(at)],
  0x0d: [4, (view, at) => view.getFloat32(at)],
  0x0e: [8, (view, at) => view.getFloat64(at)],
};

/** Whether bytes begin as an IDX file does: two zeros, a type, a number of dimensions. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && Object.hasOwn(types, bytes[2] ?? 0) && (bytes[3] ?? 0) > 0;
}

/**
 * An IDX file, as the MNIST database describes it.
 * @throws DatasetError HF_DATASET_FORMAT
 */
export function readIdx(bytes: Uint8Array, path: string): NumberArray {
  const type = isIdx(bytes) ? types[bytes[2] ?? 0] : undefined;
  const rank = bytes[3] ?? 0;
  const start = 4 + 4 * rank;
  if (type === undefined || start > bytes.length) refuse('is not an IDX file', path);
  const [width, read] = type;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = shape.reduce((product, size) => product * size, 1);
  if (start + length * width !== bytes.length) {
    refuse(`has ${bytes.length - start} bytes of data, its shape [${shape.join(', ')}] says ${length * width}`, path);
  }
  return {
    ...{ shape, length, element: bytes[2] === 0x0d ? 'single' : bytes[2] === 0x0e ? 'double' : 'integer' },
    at: (index) => read(view, start + index * width),
    bytesOf: (from, count) => bytes.subarray(start + from * width, start + (from + count) * width),
  };
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
