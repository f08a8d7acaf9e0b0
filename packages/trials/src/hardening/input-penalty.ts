import type { TensorData } from '@holdfast/inference';
import { type Model, node, tensorValue } from '@holdfast/onnx';
import { backward } from '../gradient/backward.ts';
import { type GradientOptions, gradientModel, gradientPort, ports } from '../gradient/gradient-model.ts';
import { GraphWriter } from '../gradient/graph-writer.ts';
import { knownValues } from '../gradient/known-values.ts';
import { probeFacts } from '../gradient/probe-facts.ts';
import { zerosLike } from '../gradient/rules/shape.ts';

/** Input gradients that are held small. */
export interface PenaltyOptions extends GradientOptions {
  readonly input: string;
  /** λ */
  readonly weight: number;
  /** Feeds of two batch sizes for every input of the gradient model. */
  readonly probes: readonly Readonly<Record<string, TensorData>>[];
}

/**
 * The gradient of Σ L + λ·‖∂L/∂x‖² with respect to weights (Ross & Doshi-Velez, arXiv:1711.09404, equation 4; Drucker &
 * LeCun's double backpropagation): the gradient of the gradient graph, exact, nothing is approximated by differences.
 * The loss that it gives is L, without the penalty.
 * @throws TrialsError HF_TRIALS_OPERATOR where the gradient of an operator has no gradient
 */
export async function penalisedModel(model: Model, options: PenaltyOptions): Promise<Model> {
  const { input, weight, withRespectTo, output } = options;
  const first = gradientModel(model, { ...options, withRespectTo: [input] });
  const facts = await probeFacts(first, options.probes);
  const { graph } = first;
  const writer = new GraphWriter({ facts, taken: facts.keys(), known: knownValues(graph) });
  const slope = gradientPort(input);
  const { type } = writer.facts(slope);
  const ones = writer.emit('Expand', [writer.scalar(1, type), writer.emit('Shape', [ports.loss])]);
  const pull = writer.emit('Mul', [slope, writer.scalar(2 * weight, type)]);
  const seeds = new Map([
    [ports.loss, ones],
    [slope, pull],
  ]);
  const gradients = backward(writer, graph.nodes, seeds, withRespectTo);
  const results = withRespectTo.map((name) => {
    const of = writer.facts(name);
    writer.nodes.push(node('Identity', [gradients.get(name) ?? zerosLike(writer, name)], [gradientPort(name)]));
    return tensorValue(
      gradientPort(name),
      of.type,
      of.dims.map((size, axis) => size ?? `g${String(axis)}`),
    );
  });
  const outputs = graph.outputs.filter(({ name }) => name === output || name === ports.loss);
  return {
    ...first,
    graph: {
      ...graph,
      outputs: [...outputs, ...results],
      nodes: [...graph.nodes, ...writer.nodes],
      initializers: new Map([...graph.initializers, ...writer.initializers]),
    },
  };
}
