import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { factsOf } from './data-type.ts';
import { documentation, text } from './encode-text.ts';
import {
  type TensorShapeProto_DimensionSchema,
  type TypeProto,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import type { Dimension, ValueInfo, ValueType } from './graph.ts';

export function encodeValueInfo(value: ValueInfo): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name: value.name,
    ...(value.type ? { type: encodeType(value.type) } : {}),
    ...documentation(value),
  });
}

export function encodeType(type: ValueType): TypeProto {
  return create(TypeProtoSchema, { ...text('denotation', type.denotation ?? ''), value: typeField(type) });
}

function typeField(type: ValueType): NonNullable<MessageInitShape<typeof TypeProtoSchema>['value']> {
  switch (type.kind) {
    case 'tensor':
      return { case: 'tensorType', value: tensorType(type) };
    case 'sparse-tensor':
      return { case: 'sparseTensorType', value: tensorType(type) };
    case 'sequence':
      return { case: 'sequenceType', value: type.of ? { elemType: encodeType(type.of) } : {} };
    case 'optional':
      return { case: 'optionalType', value: type.of ? { elemType: encodeType(type.of) } : {} };
    case 'map': {
      const keyType = factsOf(type.key).code;
      return { case: 'mapType', value: { keyType, ...(type.value ? { valueType: encodeType(type.value) } : {}) } };
    }
    case 'opaque':
      return { case: 'opaqueType', value: { ...text('domain', type.domain), ...text('name', type.name) } };
  }
}

function tensorType(type: Extract<ValueType, { elementType: unknown }>) {
  const { shape, dimensionDenotations, elementType } = type;
  const dim = shape?.map((size, index) => ({
    ...text('denotation', dimensionDenotations?.[index] ?? ''),
    value: dimension(size),
  }));
  return { elemType: factsOf(elementType).code, ...(dim ? { shape: { dim } } : {}) };
}

type DimensionValue = NonNullable<MessageInitShape<typeof TensorShapeProto_DimensionSchema>['value']>;

function dimension(size: Dimension): DimensionValue {
  if (size === null) return { case: undefined };
  return typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size };
}
