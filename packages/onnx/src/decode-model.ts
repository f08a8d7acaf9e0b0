import { decodeAttributes } from './decode-attribute.ts';
import { decodeGraph, decodeNodes, domainOf } from './decode-graph.ts';
import { addOnce, documented, numberOf } from './decode-text.ts';
import { decodeValueInfo } from './decode-type.ts';
import { OnnxError, shown } from './errors.ts';
import type { FunctionProto, ModelProto, OperatorSetIdProto } from './generated/onnx_pb.ts';
import type { FunctionDefinition, Model } from './graph.ts';

/** A model from its message. */
export function decodeModel(proto: ModelProto): Model {
  if (!proto.graph) throw new OnnxError('HF_ONNX_MALFORMED', 'the model has no graph', { where: 'model' });
  return {
    irVersion: numberOf(proto.irVersion, 'HF_ONNX_VERSION', 'model'),
    opsets: decodeOpsets(proto.opsetImport, 'model'),
    producerName: proto.producerName,
    producerVersion: proto.producerVersion,
    domain: proto.domain,
    modelVersion: proto.modelVersion,
    graph: decodeGraph(proto.graph, 'graph'),
    functions: proto.functions.map(decodeFunction),
    trainingInfo: proto.trainingInfo,
    configuration: proto.configuration,
    ...documented(proto, 'model'),
  };
}

/**
 * Operator sets by domain. The same one twice is what skl2onnx writes for a classifier without ZipMap, and says nothing
 * else than once; two versions of one domain are refused, because runtimes differ in which one counts.
 */
function decodeOpsets(protos: readonly OperatorSetIdProto[], where: string): ReadonlyMap<string, number> {
  const opsets = new Map<string, number>();
  for (const { domain, version } of protos) {
    const [name, number] = [domainOf(domain), numberOf(version, 'HF_ONNX_VERSION', where)];
    if (opsets.get(name) !== number) addOnce(opsets, name, number, 'the operator set', where);
  }
  return opsets;
}

function decodeFunction(proto: FunctionProto): FunctionDefinition {
  const where = `function ${shown(proto.name)}`;
  return {
    domain: domainOf(proto.domain),
    name: proto.name,
    overload: proto.overload,
    inputs: proto.input,
    outputs: proto.output,
    attributeNames: proto.attribute,
    attributes: decodeAttributes(proto.attributeProto, where, decodeGraph),
    nodes: decodeNodes(proto.node, where),
    opsets: decodeOpsets(proto.opsetImport, where),
    valueInfo: proto.valueInfo.map((value) => decodeValueInfo(value, where)),
    ...documented(proto, where),
  };
}
