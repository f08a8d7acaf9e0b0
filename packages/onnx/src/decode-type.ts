import { elementType } from './decode-tensor.ts';
import { documented, numberOf } from './decode-text.ts';
import { OnnxError, shown } from './errors.ts';
import type { TypeProto, TypeProto_SparseTensor, TypeProto_Tensor, ValueInfoProto } from './generated/onnx_pb.ts';
import type { Dimension, ValueInfo, ValueType } from './graph.ts';

export function decodeValueInfo(proto: ValueInfoProto, place: string): ValueInfo {
  const where = `${place} ${shown(proto.name)}`;
  if (proto.name === '') throw new OnnxError('HF_ONNX_UNRESOLVED', 'a value has no name', { where });
  return {
    name: proto.name,
    ...(proto.type ? { type: decodeType(proto.type, where) } : {}),
    ...documented(proto, where),
  };
}

/** The type of a value; how deep types nest is bounded by the walk over the bytes. */
export function decodeType({ value, denotation }: TypeProto, where: string): ValueType {
  const common = denotation === '' ? {} : { denotation };
  switch (value.case) {
    case 'tensorType':
      return { ...common, kind: 'tensor', ...tensorType(value.value, where) };
    case 'sparseTensorType':
      return { ...common, kind: 'sparse-tensor', ...tensorType(value.value, where) };
    case 'sequenceType':
      return { ...common, kind: 'sequence', ...inner('of', value.value.elemType, where) };
    case 'optionalType':
      return { ...common, kind: 'optional', ...inner('of', value.value.elemType, where) };
    case 'mapType': {
      const key = elementType(value.value.keyType, where);
      return { ...common, kind: 'map', key, ...inner('value', value.value.valueType, where) };
    }
    case 'opaqueType':
      return { ...common, kind: 'opaque', domain: value.value.domain, name: value.value.name };
    case undefined:
      throw new OnnxError('HF_ONNX_TYPE', 'the type of a value is empty', { where });
  }
}

function inner<Key extends string>(
  key: Key,
  type: TypeProto | undefined,
  where: string,
): Partial<Record<Key, ValueType>> {
  return (type ? { [key]: decodeType(type, where) } : {}) as Partial<Record<Key, ValueType>>;
}

function tensorType(proto: TypeProto_Tensor | TypeProto_SparseTensor, where: string) {
  const dims = proto.shape?.dim;
  const isDenoted = dims?.some(({ denotation }) => denotation !== '') === true;
  return {
    elementType: elementType(proto.elemType, where),
    ...(dims ? { shape: dims.map(({ value }) => dimension(value, where)) } : {}),
    ...(isDenoted ? { dimensionDenotations: dims.map(({ denotation }) => denotation) } : {}),
  };
}

type DimensionProto = { case: 'dimValue'; value: bigint } | { case: 'dimParam'; value: string } | { case: undefined };

function dimension(value: DimensionProto, where: string): Dimension {
  switch (value.case) {
    case 'dimValue':
      return numberOf(value.value, 'HF_ONNX_TYPE', where);
    case 'dimParam':
      return value.value;
    case undefined:
      return null;
  }
}
