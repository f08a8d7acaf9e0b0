import { type AttributeProto, AttributeProto_AttributeType as Code } from './generated/onnx_pb.ts';
import type { AttributeType } from './graph.ts';

/** For each attribute type its number and the field of AttributeProto that holds its value. */
export const attributeTypes = {
  FLOAT: { code: Code.FLOAT, field: 'f' },
  INT: { code: Code.INT, field: 'i' },
  STRING: { code: Code.STRING, field: 's' },
  TENSOR: { code: Code.TENSOR, field: 't' },
  GRAPH: { code: Code.GRAPH, field: 'g' },
  SPARSE_TENSOR: { code: Code.SPARSE_TENSOR, field: 'sparseTensor' },
  TYPE_PROTO: { code: Code.TYPE_PROTO, field: 'tp' },
  FLOATS: { code: Code.FLOATS, field: 'floats' },
  INTS: { code: Code.INTS, field: 'ints' },
  STRINGS: { code: Code.STRINGS, field: 'strings' },
  TENSORS: { code: Code.TENSORS, field: 'tensors' },
  GRAPHS: { code: Code.GRAPHS, field: 'graphs' },
  SPARSE_TENSORS: { code: Code.SPARSE_TENSORS, field: 'sparseTensors' },
  TYPE_PROTOS: { code: Code.TYPE_PROTOS, field: 'typeProtos' },
} as const satisfies Record<AttributeType, { code: Code; field: keyof AttributeProto }>;

const byCode = new Map<Code, AttributeType>(
  Object.entries(attributeTypes).map(([type, { code }]) => [code, type as AttributeType]),
);

/** The attribute type with this number; none for UNDEFINED. */
export function attributeTypeOf(code: Code): AttributeType | undefined {
  return byCode.get(code);
}
