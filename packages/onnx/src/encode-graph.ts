import { create } from '@bufbuild/protobuf';
import { encodeAttributes } from './encode-attribute.ts';
import { encodeSparseTensor, encodeTensor } from './encode-tensor.ts';
import { documentation, encodePairs, text } from './encode-text.ts';
import { encodeValueInfo } from './encode-type.ts';
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorAnnotationSchema,
} from './generated/onnx_pb.ts';
import type { Graph, Node } from './graph.ts';

export function encodeGraph(graph: Graph): GraphProto {
  return create(GraphProtoSchema, {
    node: graph.nodes.map(encodeNode),
    name: graph.name,
    // The name under which a tensor is kept is the name under which it is used.
    initializer: [...graph.initializers].map(([name, tensor]) => encodeTensor({ ...tensor, name })),
    sparseInitializer: [...graph.sparseInitializers.values()].map(encodeSparseTensor),
    input: graph.inputs.map(encodeValueInfo),
    output: graph.outputs.map(encodeValueInfo),
    valueInfo: graph.valueInfo.map(encodeValueInfo),
    quantizationAnnotation: graph.quantization.map(({ tensorName, parameters }) =>
      create(TensorAnnotationSchema, { tensorName, quantParameterTensorNames: encodePairs(parameters) }),
    ),
    ...documentation(graph),
  });
}

export function encodeNode(node: Node): NodeProto {
  return create(NodeProtoSchema, {
    input: [...node.inputs],
    output: [...node.outputs],
    ...text('name', node.name),
    opType: node.opType,
    ...text('domain', node.domain),
    ...text('overload', node.overload),
    attribute: encodeAttributes(node.attributes, encodeGraph),
    deviceConfigurations: [...node.deviceConfigurations],
    ...documentation(node),
  });
}
