import { create } from '@bufbuild/protobuf';
import { attributeTypes } from './attribute-types.ts';
import { encodeSparseTensor, encodeTensor } from './encode-tensor.ts';
import { text } from './encode-text.ts';
import { encodeType } from './encode-type.ts';
import { type AttributeProto, AttributeProtoSchema, type GraphProto } from './generated/onnx_pb.ts';
import type { Attribute, AttributeWithValue, Graph } from './graph.ts';

type EncodeGraph = (graph: Graph) => GraphProto;

/** `encodeGraph` is handed in because graphs hold attributes that hold graphs. */
export function encodeAttributes(
  attributes: ReadonlyMap<string, Attribute>,
  encodeGraph: EncodeGraph,
): AttributeProto[] {
  return [...attributes].map(([name, attribute]) => encodeAttribute(name, attribute, encodeGraph));
}

function encodeAttribute(name: string, attribute: Attribute, encodeGraph: EncodeGraph): AttributeProto {
  const isReference = attribute.type === 'REFERENCE';
  return create(AttributeProtoSchema, {
    name,
    type: attributeTypes[isReference ? attribute.of : attribute.type].code,
    ...text('docString', attribute.doc ?? ''),
    ...(isReference ? { refAttrName: attribute.to } : valueField(attribute, encodeGraph)),
  });
}

function valueField(attribute: AttributeWithValue, encodeGraph: EncodeGraph) {
  switch (attribute.type) {
    case 'TENSOR':
      return { t: encodeTensor(attribute.value) };
    case 'GRAPH':
      return { g: encodeGraph(attribute.value) };
    case 'SPARSE_TENSOR':
      return { sparseTensor: encodeSparseTensor(attribute.value) };
    case 'TYPE_PROTO':
      return { tp: encodeType(attribute.value) };
    case 'TENSORS':
      return { tensors: attribute.value.map(encodeTensor) };
    case 'GRAPHS':
      return { graphs: attribute.value.map(encodeGraph) };
    case 'SPARSE_TENSORS':
      return { sparseTensors: attribute.value.map(encodeSparseTensor) };
    case 'TYPE_PROTOS':
      return { typeProtos: attribute.value.map(encodeType) };
    case 'FLOAT':
    case 'INT':
    case 'STRING':
    case 'FLOATS':
    case 'INTS':
    case 'STRINGS':
      return { [attributeTypes[attribute.type].field]: attribute.value };
  }
}
