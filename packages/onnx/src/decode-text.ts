import { OnnxError, type OnnxErrorCode, shown } from './errors.ts';
import type { StringStringEntryProto } from './generated/onnx_pb.ts';
import type { Documented } from './graph.ts';

/** Adds to a map what may be there only once. @throws OnnxError HF_ONNX_DUPLICATE_NAME */
export function addOnce<Value>(map: Map<string, Value>, key: string, value: Value, what: string, where: string): void {
  if (map.has(key)) throw new OnnxError('HF_ONNX_DUPLICATE_NAME', `${what} ${shown(key)} is given twice`, { where });
  map.set(key, value);
}

/** Key-value pairs, each key once. */
export function pairs(entries: readonly StringStringEntryProto[], where: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { key, value } of entries) addOnce(map, key, value, 'the key', where);
  return map;
}

/** Documentation and metadata, where there are any. */
export function documented(
  proto: { readonly docString: string; readonly metadataProps: readonly StringStringEntryProto[] },
  where: string,
): Documented {
  return {
    ...(proto.docString === '' ? {} : { doc: proto.docString }),
    ...(proto.metadataProps.length === 0 ? {} : { metadata: pairs(proto.metadataProps, where) }),
  };
}

/** A 64-bit integer that must be exact as a number. */
export function numberOf(value: bigint, code: OnnxErrorCode, where: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new OnnxError(code, `\`${value}\` is out of range`, { where });
  return number;
}
