import { type DataType, factsOf } from './data-type.ts';
import { OnnxError, shown } from './errors.ts';
import type { Documented } from './graph.ts';

/** Where the elements of a tensor are, row-major. */
export type TensorContent =
  /** Little-endian bytes; a view into the file that was read. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  /** Little-endian bytes of which only the number was read: an outline has no weights. */
  | { readonly kind: 'omitted'; readonly length: number }
  /** Entries of `float_data`, `int32_data` or `double_data`. */
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  /** Entries of `int64_data` or `uint64_data`. */
  | { readonly kind: 'integers'; readonly values: readonly bigint[] }
  /** Entries of `string_data`. */
  | { readonly kind: 'strings'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'external'; readonly data: ExternalData };

/** Bytes in another file. Whoever opens it must also refuse symbolic links: this package opens nothing. */
export interface ExternalData {
  /** Relative to the folder of the model; inside it; `/` between folders. */
  readonly location: string;
  readonly offset?: number;
  readonly length?: number;
  /** SHA-1 of the whole file, in hexadecimal: says nothing about tampering. */
  readonly checksum?: string;
}

export interface Tensor extends Documented {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly content: TensorContent;
}

/** A tensor of which only some elements are given: their values, and where they lie. */
export interface SparseTensor {
  readonly values: Tensor;
  readonly indices: Tensor;
  readonly dims: readonly number[];
}

/** Elements of a tensor with these dimensions: their product, 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Bytes that `elements` take as raw data: `ceil(bits × elements / 8)`. */
export function rawLength(type: DataType, elements: number): number {
  return Math.ceil((factsOf(type).bits * elements) / 8);
}

/** The typed arrays that can hold the elements of a tensor. */
const arrays = {
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  INT8: Int8Array,
  UINT8: Uint8Array,
  BOOL: Uint8Array,
  INT16: Int16Array,
  UINT16: Uint16Array,
  INT32: Int32Array,
  UINT32: Uint32Array,
  INT64: BigInt64Array,
  UINT64: BigUint64Array,
} as const satisfies Partial<Record<DataType, unknown>>;
type ArrayType = keyof typeof arrays;

/** The values of a tensor of type `T`: `FLOAT` gives a Float32Array, `INT64` a BigInt64Array. */
export type ValuesOf<T extends ArrayType> = InstanceType<(typeof arrays)[T]>;

/**
 * The elements of a tensor as a typed array, row-major: a view into the file where its alignment allows, else a copy.
 * @param type what the tensor is expected to hold
 * @throws OnnxError HF_ONNX_TYPE if it holds another type; HF_ONNX_NO_VALUES if its values lie in another file
 * @example
 * ```ts
 * import { tensor, valuesOf } from '@holdfast/onnx';
 * const values: Float32Array = valuesOf(tensor('w', [2], Float32Array.of(1, 2)), 'FLOAT');
 * ```
 */
export function valuesOf<T extends ArrayType>(tensor: Tensor, type: T): ValuesOf<T> {
  const where = `tensor ${shown(tensor.name)}`;
  if (tensor.dataType !== type) {
    throw new OnnxError('HF_ONNX_TYPE', `expected elements of type ${type}, found ${tensor.dataType}`, { where });
  }
  const { content } = tensor;
  switch (content.kind) {
    case 'raw':
      return fromRaw(content.bytes, type);
    case 'numbers':
      return listed(content.values, type);
    case 'integers':
      return listed(content.values, type);
    case 'strings':
    case 'external':
    case 'omitted':
      throw new OnnxError('HF_ONNX_NO_VALUES', `the values are ${content.kind}`, { where });
  }
}

/** Typed arrays are little-endian on every machine that Node is released for, as raw data is. */
function fromRaw<T extends ArrayType>(bytes: Uint8Array, type: T): ValuesOf<T> {
  const Values = arrays[type];
  const aligned = bytes.byteOffset % Values.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  const count = aligned.byteLength / Values.BYTES_PER_ELEMENT;
  return new Values(aligned.buffer as ArrayBuffer, aligned.byteOffset, count) as ValuesOf<T>;
}

function listed<T extends ArrayType>(values: readonly (number | bigint)[], type: T): ValuesOf<T> {
  const isBig = type === 'INT64' || type === 'UINT64';
  const Values = arrays[type] as unknown as { from(list: readonly unknown[]): ValuesOf<T> };
  return Values.from(isBig ? values.map(BigInt) : values.map(Number));
}

/** The strings of a tensor of type STRING. @throws OnnxError HF_ONNX_NO_VALUES */
export function stringsOf(tensor: Tensor): string[] {
  if (tensor.content.kind !== 'strings') {
    throw new OnnxError('HF_ONNX_NO_VALUES', `the values are ${tensor.content.kind}`, {
      where: `tensor ${shown(tensor.name)}`,
    });
  }
  return tensor.content.values.map((bytes) => new TextDecoder().decode(bytes));
}
