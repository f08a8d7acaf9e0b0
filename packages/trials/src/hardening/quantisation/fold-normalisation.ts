import { type Graph, type Node, type Tensor, tensor, valuesOf } from '@holdfast/onnx';
import { Operation } from '../../gradient/operation.ts';
import { isStandard, layerName } from '../layer.ts';

/**
 * Batch normalisation as a part of the convolution before it: w′ = w · γ / √(σ² + ε), b′ = (b − μ) · γ / √(σ² + ε) + β. An
 * integer convolution cannot be followed by it.
 * @param kept names of nodes that stay as they are
 */
export function foldedNormalisation(graph: Graph, kept: readonly string[]): Graph {
  const initializers = new Map(graph.initializers);
  const nodes = new Map(graph.nodes.map((node) => [node, node]));
  const removed = new Set<Node>();
  for (const convolution of graph.nodes) {
    const normalisation = onlyReader(graph, convolution);
    if (convolution.opType !== 'Conv' || normalisation?.opType !== 'BatchNormalization') continue;
    if ([convolution, normalisation].some((node) => !isStandard(node) || kept.includes(layerName(node)))) continue;
    const parts = partsOf(graph, new Operation(convolution), new Operation(normalisation));
    if (parts === undefined) continue;
    const output = normalisation.outputs[0] ?? '';
    const [weight, bias] = ['weight', 'bias'].map((part) => `${output}/${part}`) as [string, string];
    if (initializers.has(weight) || initializers.has(bias)) continue;
    initializers.set(weight, { ...parts.weight, name: weight });
    initializers.set(bias, { ...parts.bias, name: bias });
    nodes.set(convolution, {
      ...convolution,
      inputs: [convolution.inputs[0] ?? '', weight, bias],
      outputs: [output],
    });
    removed.add(normalisation);
  }
  return { ...graph, initializers, nodes: [...nodes].flatMap(([old, node]) => (removed.has(old) ? [] : [node])) };
}

/** The one node that reads what a node gives, if nothing else does. */
function onlyReader(graph: Graph, { outputs }: Node): Node | undefined {
  const [output = ''] = outputs;
  if (graph.outputs.some(({ name }) => name === output)) return undefined;
  const readers = graph.nodes.filter(
    ({ inputs, attributes }) =>
      inputs.includes(output) || [...attributes.values()].some(({ type }) => type === 'GRAPH' || type === 'GRAPHS'),
  );
  const [reader] = readers;
  return readers.length === 1 && reader?.inputs[0] === output && !reader.inputs.slice(1).includes(output)
    ? reader
    : undefined;
}

function partsOf(graph: Graph, convolution: Operation, normalisation: Operation) {
  const reals = (name: string): Tensor | undefined => {
    const constant = graph.initializers.get(name);
    const isFixed = constant?.dataType === 'FLOAT' && constant.content.kind !== 'external';
    return isFixed && !graph.inputs.some((input) => input.name === name) ? constant : undefined;
  };
  const weight = reals(convolution.input(1));
  const constants = [1, 2, 3, 4].map((place) => reals(normalisation.input(place)));
  const bias = convolution.has(2) ? reals(convolution.input(2)) : tensor('', [1], new Float32Array(1));
  const isTraining = normalisation.int('training_mode', 0) !== 0 || normalisation.node.outputs.length > 1;
  if (weight === undefined || bias === undefined || isTraining) return undefined;
  const [gamma, beta, mean, variance] = constants.map((each) => each && valuesOf(each, 'FLOAT'));
  if (!gamma || !beta || !mean || !variance) return undefined;
  const epsilon = normalisation.float('epsilon', 1e-5);
  const factors = Float64Array.from(gamma, (each, channel) => each / Math.sqrt((variance[channel] ?? 0) + epsilon));
  const [old, offsets] = [valuesOf(weight, 'FLOAT'), valuesOf(bias, 'FLOAT')];
  const inner = old.length / factors.length;
  return {
    weight: tensor(
      '',
      weight.dims,
      old.map((value, index) => value * (factors[Math.floor(index / inner)] ?? 0)),
    ),
    bias: tensor(
      '',
      [factors.length],
      Float32Array.from(factors, (factor, channel) => {
        const offset = offsets[convolution.has(2) ? channel : 0] ?? 0;
        return (offset - (mean[channel] ?? 0)) * factor + (beta[channel] ?? 0);
      }),
    ),
  };
}
