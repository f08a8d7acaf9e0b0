/** The typed field of TensorProto that can hold the elements of a type when they are not raw bytes. */
export type ListField = 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data' | 'stringData';

interface TypeFacts {
  /** Its number in TensorProto.DataType. */
  readonly code: number;
  /** Bits of one element in raw bytes; 0 for strings, which are never raw. */
  readonly bits: number;
  readonly listField: ListField;
  /** Entries of the list field for one element. */
  readonly entries: number;
}

/** TensorProto.DataType: every element type, in ONNX's own names. onnx.proto, message TensorProto. */
export const dataTypes = {
  FLOAT: { code: 1, bits: 32, listField: 'floatData', entries: 1 },
  UINT8: { code: 2, bits: 8, listField: 'int32Data', entries: 1 },
  INT8: { code: 3, bits: 8, listField: 'int32Data', entries: 1 },
  UINT16: { code: 4, bits: 16, listField: 'int32Data', entries: 1 },
  INT16: { code: 5, bits: 16, listField: 'int32Data', entries: 1 },
  INT32: { code: 6, bits: 32, listField: 'int32Data', entries: 1 },
  INT64: { code: 7, bits: 64, listField: 'int64Data', entries: 1 },
  STRING: { code: 8, bits: 0, listField: 'stringData', entries: 1 },
  BOOL: { code: 9, bits: 8, listField: 'int32Data', entries: 1 },
  FLOAT16: { code: 10, bits: 16, listField: 'int32Data', entries: 1 },
  DOUBLE: { code: 11, bits: 64, listField: 'doubleData', entries: 1 },
  UINT32: { code: 12, bits: 32, listField: 'uint64Data', entries: 1 },
  UINT64: { code: 13, bits: 64, listField: 'uint64Data', entries: 1 },
  COMPLEX64: { code: 14, bits: 64, listField: 'floatData', entries: 2 },
  COMPLEX128: { code: 15, bits: 128, listField: 'doubleData', entries: 2 },
  BFLOAT16: { code: 16, bits: 16, listField: 'int32Data', entries: 1 },
  FLOAT8E4M3FN: { code: 17, bits: 8, listField: 'int32Data', entries: 1 },
  FLOAT8E4M3FNUZ: { code: 18, bits: 8, listField: 'int32Data', entries: 1 },
  FLOAT8E5M2: { code: 19, bits: 8, listField: 'int32Data', entries: 1 },
  FLOAT8E5M2FNUZ: { code: 20, bits: 8, listField: 'int32Data', entries: 1 },
  UINT4: { code: 21, bits: 4, listField: 'int32Data', entries: 1 / 2 },
  INT4: { code: 22, bits: 4, listField: 'int32Data', entries: 1 / 2 },
  FLOAT4E2M1: { code: 23, bits: 4, listField: 'int32Data', entries: 1 / 2 },
  FLOAT8E8M0: { code: 24, bits: 8, listField: 'int32Data', entries: 1 },
  UINT2: { code: 25, bits: 2, listField: 'int32Data', entries: 1 / 4 },
  INT2: { code: 26, bits: 2, listField: 'int32Data', entries: 1 / 4 },
  FLOAT6E2M3: { code: 27, bits: 6, listField: 'int32Data', entries: 1 },
  FLOAT6E3M2: { code: 28, bits: 6, listField: 'int32Data', entries: 1 },
} as const satisfies Record<string, TypeFacts>;

/** The name of an element type, such as `FLOAT` or `INT64`. */
export type DataType = keyof typeof dataTypes;

const byCode = new Map<number, DataType>(Object.entries(dataTypes).map(([name, { code }]) => [code, name as DataType]));

/** The name of the element type with this number, if there is one. */
export function dataTypeOf(code: number): DataType | undefined {
  return byCode.get(code);
}

/** What is known of an element type. */
export function factsOf(type: DataType): TypeFacts {
  return dataTypes[type];
}
