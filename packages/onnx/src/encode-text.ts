import { create } from '@bufbuild/protobuf';
import { type StringStringEntryProto, StringStringEntryProtoSchema } from './generated/onnx_pb.ts';
import type { Documented } from './graph.ts';

/** A text field, left out when it is empty. */
export function text<Key extends string>(key: Key, value: string): Partial<Record<Key, string>> {
  return (value === '' ? {} : { [key]: value }) as Partial<Record<Key, string>>;
}

export function encodePairs(map: ReadonlyMap<string, string>): StringStringEntryProto[] {
  return [...map].map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
}

/** The fields `doc_string` and `metadata_props`. */
export function documentation({ doc, metadata }: Documented) {
  return { ...text('docString', doc ?? ''), ...(metadata ? { metadataProps: encodePairs(metadata) } : {}) };
}
