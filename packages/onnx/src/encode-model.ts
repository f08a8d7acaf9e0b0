import { create } from '@bufbuild/protobuf';
import { encodeAttributes } from './encode-attribute.ts';
import { encodeGraph, encodeNode } from './encode-graph.ts';
import { documentation, text } from './encode-text.ts';
import { encodeValueInfo } from './encode-type.ts';
import {
  type FunctionProto,
  FunctionProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
} from './generated/onnx_pb.ts';
import type { FunctionDefinition, Model } from './graph.ts';

/** The message of a model. */
export function encodeModel(model: Model): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: BigInt(model.irVersion),
    opsetImport: encodeOpsets(model.opsets),
    ...text('producerName', model.producerName),
    ...text('producerVersion', model.producerVersion),
    ...text('domain', model.domain),
    ...(model.modelVersion === 0n ? {} : { modelVersion: model.modelVersion }),
    graph: encodeGraph(model.graph),
    functions: model.functions.map(encodeFunction),
    trainingInfo: [...model.trainingInfo],
    configuration: [...model.configuration],
    ...documentation(model),
  });
}

function encodeOpsets(opsets: ReadonlyMap<string, number>): OperatorSetIdProto[] {
  return [...opsets].map(([domain, version]) => create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }));
}

function encodeFunction(definition: FunctionDefinition): FunctionProto {
  return create(FunctionProtoSchema, {
    name: definition.name,
    domain: definition.domain,
    ...text('overload', definition.overload),
    input: [...definition.inputs],
    output: [...definition.outputs],
    attribute: [...definition.attributeNames],
    attributeProto: encodeAttributes(definition.attributes, encodeGraph),
    node: definition.nodes.map(encodeNode),
    opsetImport: encodeOpsets(definition.opsets),
    valueInfo: definition.valueInfo.map(encodeValueInfo),
    ...documentation(definition),
  });
}
