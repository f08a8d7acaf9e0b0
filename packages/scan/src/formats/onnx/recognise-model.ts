import type { ByteSource } from '../../bytes/source.ts';
import { type Field, fieldsOf } from '../protobuf/fields.ts';

/** The fields of ModelProto (onnx.proto) that are numbers; the others are texts and messages. */
const numbers: ReadonlySet<number> = new Set([1, 5]);
const others: ReadonlySet<number> = new Set([2, 3, 4, 6, 7, 8, 14, 20, 25, 26]);
const mostFields = 100_000;

/**
 * Whether the bytes are a ModelProto as far as its outermost fields tell: known ones only, to the very end, with a
 * version and one graph. There is no signature; what is inside the fields is skipped.
 */
export function looksLikeModel(source: ByteSource): boolean {
  if (source.size < 4) return false;
  let [count, version, graphs] = [0, false, 0];
  for (const field of fieldsOf(source)) {
    count += 1;
    if (count > mostFields || !isOfModel(field)) return false;
    if (field.number === 1) version = field.value < 1000;
    if (field.number === 7) graphs += 1;
  }
  return version && graphs === 1;
}

function isOfModel({ number, wire }: Field): boolean {
  return (wire === 'varint' && numbers.has(number)) || (wire === 'bytes' && others.has(number));
}
