import type { Element, NumberArray } from './array.ts';
import { DatasetError, shown } from './errors.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const longestHeader = 2 ** 16;
const mostDimensions = 32;

type Reader = (view: DataView, at: number, little: boolean) => number;
/** The types of numpy.lib.format that are numbers, with the bytes of an element. */
const types: Readonly<Record<string, readonly [number, Reader]>> = {
  b1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  f2: [2, (view, at, little) => view.getFloat16(at, little)],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

const elements: Readonly<Record<string, Element>> = {
  ...{
    b1: 'boolean',
    i1: 'integer',
    i2: 'integer',
    i4: 'integer',
    i8: 'integer',
    u1: 'integer',
    u2: 'integer',
    u4: 'integer',
  },
  ...{ u8: 'unsigned', f2: 'single', f4: 'single', f8: 'double' },
};

/** Whether bytes begin as an npy file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/**
 * An npy file: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0 to 3.0. Nothing is unpickled:
 * an array of objects is refused.
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_TYPE
 */
export function readNpy(bytes: Uint8Array, path: string): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, end } = headerOf(bytes, view, path);
  const { type, kind, little, isFortran, shape } = understood(text, path);
  const [width, read] = type;
  const length = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(length * width) || end + length * width !== bytes.length) {
    refuse(`has ${bytes.length - end} bytes of data, its shape [${shape.join(', ')}] says ${length * width}`, path);
  }
  const place = isFortran ? fortranPlace(shape) : (index: number) => index;
  return {
    ...{ shape, length, element: elements[kind] ?? 'double' },
    at: (index) => read(view, end + place(index) * width, little),
    ...(kind === 'i8' || kind === 'u8'
      ? { wholeAt: wholeOf(kind, (index) => end + place(index) * 8, view, little) }
      : {}),
    bytesOf: (from, count) =>
      isFortran
        ? Buffer.concat(
            Array.from({ length: count }, (_, index) => elementOf(bytes, end + place(from + index) * width, width)),
          )
        : bytes.subarray(end + from * width, end + (from + count) * width),
  };
}

const elementOf = (bytes: Uint8Array, at: number, width: number): Uint8Array => bytes.subarray(at, at + width);

function wholeOf(
  kind: 'i8' | 'u8',
  place: (index: number) => number,
  view: DataView,
  little: boolean,
): (index: number) => bigint {
  return (index) => (kind === 'i8' ? view.getBigInt64(place(index), little) : view.getBigUint64(place(index), little));
}

function headerOf(bytes: Uint8Array, view: DataView, path: string): { text: string; end: number } {
  if (!isNpy(bytes) || bytes.length < 12) refuse('is not an npy file', path);
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3 || bytes[7] !== 0) refuse(`is of version ${major}.${bytes[7] ?? 0}`, path);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader || start + length > bytes.length) refuse(`has a header of ${length} bytes`, path);
  return { text: new TextDecoder('latin1').decode(bytes.subarray(start, start + length)), end: start + length };
}

/** Exactly what numpy.lib.format writes, a literal of Python: a looser reader would have to be one for Python. */
const header =
  /^\{'descr': (?:'([<>|=])([a-zA-Z])(\d*)(?:\[\w+\])?'|(\[.*\])), 'fortran_order': (True|False), 'shape': \(((?:\d+,? ?)*)\),? ?\}\s*$/;

function understood(text: string, path: string) {
  const [all, order, kind, width, fields, fortran, dims] = header.exec(text) ?? [];
  if (all === undefined) refuse(`has the header ${shown(text)}`, path);
  const name = fields === undefined ? `${kind ?? ''}${width ?? ''}` : 'structured';
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) {
    const what = kind === 'O' ? 'Python objects, which only unpickling would read' : `elements of type ${shown(name)}`;
    throw new DatasetError('HF_DATASET_TYPE', `${shown(path)} holds ${what}`, { where: path });
  }
  const shape = (dims ?? '')
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (shape.length > mostDimensions) refuse(`has ${shape.length} dimensions`, path);
  return { type, kind: name, little: order !== '>', isFortran: fortran === 'True', shape };
}

/** Where an element that is counted with the last dimension fastest lies when the first is fastest. */
function fortranPlace(shape: readonly number[]): (index: number) => number {
  const strides: number[] = [];
  shape.reduce((stride, size) => {
    strides.push(stride);
    return stride * size;
  }, 1);
  return (index) => {
    let rest = index;
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const size = shape[axis] ?? 1;
      place += (rest % size) * (strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    return place;
  };
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
