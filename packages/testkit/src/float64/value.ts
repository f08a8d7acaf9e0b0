import { type DataType, elementCount } from '@holdfast/onnx';

/** Elements, row-major: every float type as Float64Array, 64-bit integers as big integers, BOOL as bytes of 0 and 1. */
export type Elements =
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** A tensor in memory. `FLOAT`, `FLOAT16` and `BFLOAT16` keep their name and are never rounded to their precision. */
export interface Value {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Elements;
}

const arrays: Partial<Record<DataType, new (length: number) => Elements>> = {
  FLOAT: Float64Array,
  FLOAT16: Float64Array,
  BFLOAT16: Float64Array,
  DOUBLE: Float64Array,
  INT64: BigInt64Array,
  UINT64: BigUint64Array,
  INT4: Int8Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  BOOL: Uint8Array,
  UINT4: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
};

/** Room for `count` elements, all 0. */
export function newElements(type: DataType, count: number): Elements {
  const Values = arrays[type];
  if (!Values) throw new Error(`elements of type ${type} are not computed`);
  return new Values(count);
}

export function isFloat(type: DataType): boolean {
  return arrays[type] === Float64Array;
}

/** A value of floats; `data` is kept, not copied. */
export function floats(dims: readonly number[], data: Float64Array, type: DataType = 'FLOAT'): Value {
  return { type, dims, data };
}

/** A value of type INT64. */
export function integers(dims: readonly number[], list: ArrayLike<number>): Value {
  return fromNumbers('INT64', dims, list);
}

/** A value of any type from numbers: truncated towards 0 for integers, which wrap as in C; not 0 is true for BOOL. */
export function fromNumbers(type: DataType, dims: readonly number[], list: ArrayLike<number>): Value {
  const data = newElements(type, list.length);
  if (list.length !== elementCount(dims)) throw new Error(`${list.length} elements for the shape [${dims.join()}]`);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < list.length; i++) data[i] = BigInt(Math.trunc(list[i]!) || 0);
  } else if (type === 'BOOL') {
    for (let i = 0; i < list.length; i++) data[i] = list[i] === 0 ? 0 : 1;
  } else {
    for (let i = 0; i < list.length; i++) data[i] = list[i]!;
  }
  return { type, dims, data };
}

/** A value of an integer type from big integers, which wrap. */
export function fromBigs(type: DataType, dims: readonly number[], list: readonly bigint[]): Value {
  const data = newElements(type, list.length);
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (const [i, element] of list.entries()) {
    if (isBig) data[i] = element;
    else (data as Int32Array)[i] = Number(BigInt.asIntN(32, element));
  }
  return { type, dims, data };
}

/** The elements as float64; the value's own array where it holds floats. @throws Error beyond 2^53 */
export function numbersOf(value: Value): Float64Array {
  if (value.data instanceof Float64Array) return value.data;
  const numbers = new Float64Array(value.data.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = Number(value.data[i]);
    if (!Number.isSafeInteger(number)) throw new Error(`${number} is beyond 2^53`);
    numbers[i] = number;
  }
  return numbers;
}

export function bigsOf(value: Value): bigint[] {
  return Array.from(value.data as ArrayLike<number | bigint>, BigInt);
}

/** The elements of a small tensor of integers: axes, a shape, pads. INT64's ends stay beyond any size. */
export function listOf(value: Value): number[] {
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}

/** The only element. */
export function scalarOf(value: Value): number {
  if (value.data.length !== 1) throw new Error(`expected one element, found the shape [${value.dims.join()}]`);
  return Number(value.data[0]);
}
