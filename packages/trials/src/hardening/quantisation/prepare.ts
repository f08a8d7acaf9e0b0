import type { Graph, Model, Node, Tensor } from '@holdfast/onnx';
import { TrialsError } from '../../errors.ts';
import { probeFacts } from '../../gradient/probe-facts.ts';
import { upgraded } from '../../gradient/upgrade.ts';
import { isStandard, layerName } from '../layer.ts';
import type { Feeds } from '../quantise.ts';
import { foldedNormalisation } from './fold-normalisation.ts';

/** The first operator set in which DequantizeLinear has a scale for each slice. */
const firstOpset = 13;

/**
 * The model as it can be quantised: in opset 13 or newer, weights as initializers, batch normalisation within the
 * convolution before it.
 * @param kept names of nodes that stay as they are
 * @throws TrialsError HF_TRIALS_COMPRESSION where it is quantised already
 */
export async function prepared(model: Model, samples: readonly Feeds[], kept: readonly string[]): Promise<Model> {
  const isQuantised = model.graph.nodes.find(({ opType }) =>
    /^(Dynamic)?Quantize|^DequantizeLinear$|^QLinear|Integer/.test(opType),
  );
  if (isQuantised !== undefined) {
    throw new TrialsError('HF_TRIALS_COMPRESSION', 'the model is quantised already', {
      where: `node \`${layerName(isQuantised)}\` (${isQuantised.opType})`,
    });
  }
  const modern = await inOpset13(model, samples);
  return { ...modern, graph: foldedNormalisation(withConstantsAsWeights(modern.graph), kept) };
}

async function inOpset13(model: Model, samples: readonly Feeds[]): Promise<Model> {
  const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? firstOpset;
  const [first] = samples;
  if (opset >= firstOpset || first === undefined) return model;
  const facts = await probeFacts(model, [first, first]);
  return upgraded(model, (name) => facts.get(name)?.dims.length);
}

/** Values of Constant and of Identity of a constant, where an operator reads them as weights, become initializers. */
function withConstantsAsWeights(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const given = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  for (const { inputs } of graph.nodes) {
    for (const name of inputs.slice(1)) {
      const constant = initializers.has(name) ? undefined : constantOf(graph, given, name);
      if (constant?.dataType === 'FLOAT') initializers.set(name, { ...constant, name });
    }
  }
  const nodes = graph.nodes.filter(({ outputs }) => !initializers.has(outputs[0] ?? ''));
  return { ...graph, initializers, nodes };
}

function constantOf(graph: Graph, given: ReadonlyMap<string, Node>, name: string): Tensor | undefined {
  const node = given.get(name);
  if (node === undefined || !isStandard(node) || graph.outputs.some((output) => output.name === name)) return undefined;
  const value = node.attributes.get('value');
  if (node.opType === 'Constant') return value?.type === 'TENSOR' ? value.value : undefined;
  const [source = ''] = node.inputs;
  if (node.opType !== 'Identity' || graph.inputs.some((input) => input.name === source)) return undefined;
  return graph.initializers.get(source) ?? constantOf(graph, given, source);
}
