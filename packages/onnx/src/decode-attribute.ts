import { isFieldSet } from '@bufbuild/protobuf';
import { attributeTypeOf, attributeTypes } from './attribute-types.ts';
import { decodeSparseTensor, decodeTensor } from './decode-tensor.ts';
import { addOnce } from './decode-text.ts';
import { decodeType } from './decode-type.ts';
import { OnnxError, shown } from './errors.ts';
import { type AttributeProto, AttributeProtoSchema, type GraphProto } from './generated/onnx_pb.ts';
import type { Attribute, AttributeType, AttributeWithValue, Graph } from './graph.ts';

type DecodeGraph = (proto: GraphProto, where: string) => Graph;

/** Attributes by name. `decodeGraph` is handed in because graphs hold attributes that hold graphs. */
export function decodeAttributes(
  protos: readonly AttributeProto[],
  where: string,
  decodeGraph: DecodeGraph,
): ReadonlyMap<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const proto of protos) {
    const inside = `${where}, attribute ${shown(proto.name)}`;
    addOnce(attributes, proto.name, decodeAttribute(proto, inside, decodeGraph), 'the attribute', where);
  }
  return attributes;
}

function decodeAttribute(proto: AttributeProto, where: string, decodeGraph: DecodeGraph): Attribute {
  const type = attributeTypeOf(proto.type);
  if (type === undefined) throw new OnnxError('HF_ONNX_TYPE', 'an attribute has no type', { where });
  const filled = Object.values(attributeTypes)
    .map(({ field }) => field)
    .filter((field) => isFieldSet(proto, AttributeProtoSchema.field[field]));
  const doc = proto.docString === '' ? {} : { doc: proto.docString };
  if (proto.refAttrName !== '') {
    if (filled.length > 0)
      throw new OnnxError('HF_ONNX_TYPE', 'an attribute is both a reference and a value', { where });
    return { type: 'REFERENCE', to: proto.refAttrName, of: type, ...doc };
  }
  const { field } = attributeTypes[type];
  const other = filled.find((name) => name !== field);
  if (other !== undefined)
    throw new OnnxError('HF_ONNX_TYPE', `an attribute of type ${type} also fills \`${other}\``, { where });
  return { ...(decodeValue(proto, type, where, decodeGraph) as AttributeWithValue), ...doc };
}

function decodeValue(proto: AttributeProto, type: AttributeType, where: string, decodeGraph: DecodeGraph) {
  switch (type) {
    case 'FLOAT':
      return { type, value: proto.f };
    case 'INT':
      return { type, value: proto.i };
    case 'STRING':
      return { type, value: proto.s };
    case 'TENSOR':
      return { type, value: decodeTensor(present(proto.t, where), where) };
    case 'GRAPH':
      return { type, value: decodeGraph(present(proto.g, where), where) };
    case 'SPARSE_TENSOR':
      return { type, value: decodeSparseTensor(present(proto.sparseTensor, where), where) };
    case 'TYPE_PROTO':
      return { type, value: decodeType(present(proto.tp, where), where) };
    case 'FLOATS':
    case 'INTS':
    case 'STRINGS':
    case 'TENSORS':
    case 'GRAPHS':
    case 'SPARSE_TENSORS':
    case 'TYPE_PROTOS':
      return decodeValues(proto, type, where, decodeGraph);
  }
}

function decodeValues(
  proto: AttributeProto,
  type: Extract<AttributeType, `${string}S`>,
  where: string,
  decodeGraph: DecodeGraph,
) {
  switch (type) {
    case 'FLOATS':
      return { type, value: proto.floats };
    case 'INTS':
      return { type, value: proto.ints };
    case 'STRINGS':
      return { type, value: proto.strings };
    case 'TENSORS':
      return { type, value: proto.tensors.map((tensor) => decodeTensor(tensor, where)) };
    case 'GRAPHS':
      return { type, value: proto.graphs.map((graph) => decodeGraph(graph, where)) };
    case 'SPARSE_TENSORS':
      return { type, value: proto.sparseTensors.map((sparse) => decodeSparseTensor(sparse, where)) };
    case 'TYPE_PROTOS':
      return { type, value: proto.typeProtos.map((proto) => decodeType(proto, where)) };
  }
}

function present<Message>(message: Message | undefined, where: string): Message {
  if (message === undefined) throw new OnnxError('HF_ONNX_TYPE', 'the value of an attribute is missing', { where });
  return message;
}
