import { type DataType, elementCount, type Tensor, valuesOf } from '@holdfast/onnx';
import { type Elements, fromNumbers, isFloat, newElements, type Value } from './value.ts';

/** The value of an initializer or of an attribute; floats are widened, which is exact. */
export function constantValue(tensor: Tensor): Value {
  const { dataType: type, dims } = tensor;
  if (type === 'FLOAT16' || type === 'BFLOAT16') {
    const widen = type === 'FLOAT16' ? halfToNumber : brainToNumber;
    return fromNumbers(type, dims, Array.from(sixteenBits(tensor), widen));
  }
  if (type === 'INT4' || type === 'UINT4') return fromNumbers(type, dims, fourBits(tensor));
  newElements(type, 0);
  const values: unknown = valuesOf(tensor, type as 'FLOAT');
  return { type, dims, data: isFloat(type) ? Float64Array.from(values as Float32Array) : (values as Elements) };
}

function bytesOf(tensor: Tensor): Uint8Array {
  if (tensor.content.kind !== 'raw') throw new Error(`the values of \`${tensor.name}\` are ${tensor.content.kind}`);
  return tensor.content.bytes;
}

function sixteenBits(tensor: Tensor): number[] {
  if (tensor.content.kind === 'numbers') return [...tensor.content.values];
  const bytes = bytesOf(tensor);
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8));
}

/** Two elements a byte, the first in the lower half. */
function fourBits(tensor: Tensor): number[] {
  const bytes = tensor.content.kind === 'numbers' ? tensor.content.values : bytesOf(tensor);
  return Array.from({ length: elementCount(tensor.dims) }, (_, i) => {
    const half = (bytes[i >> 1]! >> (4 * (i % 2))) & 15;
    return tensor.dataType === 'INT4' && half > 7 ? half - 16 : half;
  });
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** The upper half of a binary32. */
function brainToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of(bits * 65536).buffer)[0]!;
}

/** Which type a dtype attribute names, by TensorProto.DataType. */
export const typeNames: Readonly<Record<number, DataType>> = {
  1: 'FLOAT',
  2: 'UINT8',
  3: 'INT8',
  4: 'UINT16',
  5: 'INT16',
  6: 'INT32',
  7: 'INT64',
  9: 'BOOL',
  10: 'FLOAT16',
  11: 'DOUBLE',
  12: 'UINT32',
  13: 'UINT64',
  16: 'BFLOAT16',
  21: 'UINT4',
  22: 'INT4',
};
