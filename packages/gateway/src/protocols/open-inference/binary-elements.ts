import { isUtf8 } from 'node:buffer';
import type { Datatype, Elements } from '../inference.ts';
import { malformed } from '../malformed.ts';
import { elementBytes } from './datatypes.ts';
import { halfOf, widenHalves } from './half-float.ts';

/** Where the binary data of one tensor lies in a body. */
export interface BinaryPlace {
  readonly from: number;
  readonly bytes: number;
}

export interface BinaryTensor {
  readonly datatype: Datatype;
  /** Elements. */
  readonly size: number;
  /** Of the tensor, for messages. */
  readonly where: string;
}

/**
 * Reads binary tensor data: little-endian, row-major, nothing between the elements, as many bytes as datatype and size make, BYTES with
 * 4 bytes of length before each (Triton's "Binary Tensor Data Extension"). What is aligned and as wide as its elements is a view of the
 * body; every machine that Holdfast runs on is little-endian itself.
 *
 * A BYTES element is the text that it is in UTF-8, or has one character for each byte where it is none.
 *
 * @throws GatewayError HF_GATEWAY_MALFORMED
 */
export function readBinary(body: Buffer, place: BinaryPlace, tensor: BinaryTensor): Elements {
  const { datatype, size, where } = tensor;
  const width = elementBytes[datatype];
  if (width === undefined) return readTexts(body, place, tensor);
  if (place.bytes !== size * width) {
    throw malformed('`binary_data_size` is not what datatype and shape make', `${where}.parameters.binary_data_size`);
  }
  const { buffer, from } = alignedTo(body, place, width);
  const elements = (views[datatype] as View)(buffer, from, size);
  if (datatype === 'BOOL') requireBooleans(elements as Uint8Array, where);
  return elements;
}

type View = (buffer: ArrayBufferLike, from: number, size: number) => Elements;

const bytesView: View = (buffer, from, size) => new Uint8Array(buffer, from, size);

const views: Readonly<Record<Exclude<Datatype, 'BYTES'>, View>> & { readonly BYTES?: View } = {
  BOOL: bytesView,
  UINT8: bytesView,
  INT8: (buffer, from, size) => new Int32Array(new Int8Array(buffer, from, size)),
  UINT16: (buffer, from, size) => new Int32Array(new Uint16Array(buffer, from, size)),
  INT16: (buffer, from, size) => new Int32Array(new Int16Array(buffer, from, size)),
  UINT32: (buffer, from, size) => new Float64Array(new Uint32Array(buffer, from, size)),
  INT32: (buffer, from, size) => new Int32Array(buffer, from, size),
  UINT64: (buffer, from, size) => new BigUint64Array(buffer, from, size),
  INT64: (buffer, from, size) => new BigInt64Array(buffer, from, size),
  FP16: (buffer, from, size) => widenHalves(new Uint16Array(buffer, from, size)),
  FP32: (buffer, from, size) => new Float32Array(buffer, from, size),
  FP64: (buffer, from, size) => new Float64Array(buffer, from, size),
};

interface Aligned {
  readonly buffer: ArrayBufferLike;
  readonly from: number;
}

function alignedTo(body: Buffer, { from, bytes }: BinaryPlace, width: number): Aligned {
  const start = body.byteOffset + from;
  if (start % width === 0) return { buffer: body.buffer, from: start };
  return { buffer: body.buffer.slice(start, start + bytes), from: 0 };
}

function requireBooleans(values: Uint8Array, where: string): void {
  for (const value of values) if (value > 1) throw malformed('a BOOL is 0 or 1', where);
}

function readTexts(body: Buffer, { from, bytes }: BinaryPlace, { size, where }: BinaryTensor): string[] {
  const end = from + bytes;
  const texts: string[] = [];
  let at = from;
  while (at < end) {
    const start = at + 4;
    const next = start > end ? Infinity : start + body.readUInt32LE(at);
    if (next > end) throw malformed('a BYTES element goes on behind `binary_data_size`', where);
    if (texts.length >= size) throw malformed('there are more BYTES elements than `shape` says', where);
    const element = body.subarray(start, next);
    texts.push(element.toString(isUtf8(element) ? 'utf8' : 'latin1'));
    at = next;
  }
  if (texts.length < size) throw malformed('there are fewer BYTES elements than `shape` says', where);
  return texts;
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

const bytesArray = (numbers: Numbers): Uint8Array =>
  numbers instanceof Uint8Array ? numbers : new Uint8Array(numbers);

const arrays: Readonly<
  Record<Exclude<Datatype, 'BYTES' | 'INT64' | 'UINT64'>, (numbers: Numbers) => NodeJS.TypedArray>
> = {
  BOOL: bytesArray,
  UINT8: bytesArray,
  INT8: (numbers) => new Int8Array(numbers),
  UINT16: (numbers) => new Uint16Array(numbers),
  INT16: (numbers) => new Int16Array(numbers),
  UINT32: (numbers) => new Uint32Array(numbers),
  INT32: (numbers) => (numbers instanceof Int32Array ? numbers : new Int32Array(numbers)),
  FP16: (numbers) => Uint16Array.from(numbers, halfOf),
  FP32: (numbers) => (numbers instanceof Float32Array ? numbers : new Float32Array(numbers)),
  FP64: (numbers) => (numbers instanceof Float64Array ? numbers : new Float64Array(numbers)),
};

/** Elements as binary tensor data. */
export function writeBinary(datatype: Datatype, data: Elements): Buffer {
  if (isTexts(data)) return writeTexts(data);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return bytesOf(data);
  return bytesOf(arrays[datatype as keyof typeof arrays](data));
}

const isTexts = (data: Elements): data is readonly string[] => Array.isArray(data);

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function writeTexts(texts: readonly string[]): Buffer {
  const pieces: Buffer[] = [];
  for (const text of texts) {
    const element = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(element.length);
    pieces.push(length, element);
  }
  return Buffer.concat(pieces);
}
