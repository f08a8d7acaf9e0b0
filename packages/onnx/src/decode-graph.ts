import { decodeAttributes } from './decode-attribute.ts';
import { decodeSparseTensor, decodeTensor } from './decode-tensor.ts';
import { addOnce, documented, pairs } from './decode-text.ts';
import { decodeValueInfo } from './decode-type.ts';
import { shown } from './errors.ts';
import type { GraphProto, NodeProto } from './generated/onnx_pb.ts';
import type { Graph, Node } from './graph.ts';
import type { SparseTensor, Tensor } from './tensor.ts';

/** A graph from its message, and the graphs inside its nodes; how they hang together is checked with the model. */
export function decodeGraph(proto: GraphProto, place: string): Graph {
  const where = `${place} ${shown(proto.name)}`;
  const initializers = new Map<string, Tensor>();
  for (const tensor of proto.initializer) {
    addOnce(initializers, tensor.name, decodeTensor(tensor, `${where}, initializer`), 'the initializer', where);
  }
  const sparseInitializers = new Map<string, SparseTensor>();
  for (const sparse of proto.sparseInitializer) {
    const decoded = decodeSparseTensor(sparse, where);
    addOnce(sparseInitializers, decoded.values.name, decoded, 'the initializer', where);
  }
  return {
    name: proto.name,
    inputs: proto.input.map((value) => decodeValueInfo(value, `${where}, input`)),
    outputs: proto.output.map((value) => decodeValueInfo(value, `${where}, output`)),
    initializers,
    sparseInitializers,
    nodes: decodeNodes(proto.node, where),
    valueInfo: proto.valueInfo.map((value) => decodeValueInfo(value, `${where}, value`)),
    quantization: proto.quantizationAnnotation.map(({ tensorName, quantParameterTensorNames }) => ({
      tensorName,
      parameters: pairs(quantParameterTensorNames, where),
    })),
    ...documented(proto, where),
  };
}

export function decodeNodes(protos: readonly NodeProto[], where: string): Node[] {
  return protos.map((proto, index) =>
    decodeNode(proto, `${where}, node ${index} ${shown(proto.name || proto.opType)}`),
  );
}

function decodeNode(proto: NodeProto, where: string): Node {
  return {
    name: proto.name,
    opType: proto.opType,
    domain: domainOf(proto.domain),
    overload: proto.overload,
    inputs: proto.input,
    outputs: proto.output,
    attributes: decodeAttributes(proto.attribute, where, decodeGraph),
    deviceConfigurations: proto.deviceConfigurations,
    ...documented(proto, where),
  };
}

/** `ai.onnx` is another spelling of the standard domain, which is empty (IR.md, "Operator Sets"). */
export function domainOf(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
