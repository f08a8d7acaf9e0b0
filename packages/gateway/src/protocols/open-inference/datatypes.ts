import type { Datatype } from '../inference.ts';

/** Bytes of one element in binary data; undefined where each element says its own length. */
export const elementBytes: Readonly<Record<Datatype, number | undefined>> = {
  ...{ BOOL: 1, UINT8: 1, INT8: 1, UINT16: 2, INT16: 2, FP16: 2, UINT32: 4, INT32: 4, FP32: 4 },
  ...{ UINT64: 8, INT64: 8, FP64: 8, BYTES: undefined },
};

/** The datatype of a name; undefined for others, `BF16` among them: few servers know it. */
export const datatypeOf = (name: string): Datatype | undefined => datatypes.get(name);

const datatypes: ReadonlyMap<string, Datatype> = new Map(
  Object.keys(elementBytes).map((name) => [name, name as Datatype]),
);
