import type { DataType } from '@holdfast/onnx';

/** The arrays that hold the elements of a tensor, by its element type. */
export const arrayOf = {
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  /** The bits of each number. */
  FLOAT16: Uint16Array,
  INT8: Int8Array,
  UINT8: Uint8Array,
  /** 0 or 1. */
  BOOL: Uint8Array,
  INT16: Int16Array,
  UINT16: Uint16Array,
  INT32: Int32Array,
  UINT32: Uint32Array,
  INT64: BigInt64Array,
  UINT64: BigUint64Array,
  STRING: Array,
} as const satisfies Partial<Record<DataType, unknown>>;

/** An element type that goes in and out of a session. */
export type FedType = keyof typeof arrayOf;

/** What a tensor's elements are kept in: texts in a list, everything else in a typed array. */
export type TensorElements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/**
 * A tensor that goes into a session or comes out of it.
 * @example
 * ```ts
 * import type { TensorData } from '@holdfast/inference';
 * const row: TensorData = { type: 'FLOAT', dims: [1, 3], data: Float32Array.of(0.5, 1, 2) };
 * ```
 */
export interface TensorData {
  readonly type: DataType;
  /** Sizes of the dimensions; none for a scalar. */
  readonly dims: readonly number[];
  /**
   * The elements, row-major: a Float32Array for FLOAT, a BigInt64Array for INT64, the bits in a Uint16Array for FLOAT16,
   * zeros and ones in a Uint8Array for BOOL, a list for STRING.
   */
  readonly data: TensorElements;
}

/** Whether the elements of a type are handed over between ONNX Runtime and Node. */
export function isFed(type: DataType): type is FedType {
  return Object.hasOwn(arrayOf, type);
}
