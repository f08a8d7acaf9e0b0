import type { Graph, Model, Node } from '@holdfast/onnx';
import { Operation } from '../gradient/operation.ts';

/** A node that multiplies what comes in with numbers of its own: where nearly all of a model's bytes and work are. */
export interface Layer {
  /** The name of the node; where it has none, that of its first output. */
  readonly name: string;
  readonly node: Node;
  /** Initializers of FLOAT that it multiplies with, and the axis of each along which its outputs lie. */
  readonly weights: readonly { readonly name: string; readonly input: number; readonly axis: number }[];
}

/** A node that has weights which cannot be worked on, and why. */
export interface LeftOut {
  readonly layer: string;
  readonly operator: string;
  readonly why: string;
}

/** Inputs of operators that are weights: which of them, and the axis of its outputs. */
const weightInputs: Readonly<
  Record<string, (operation: Operation, rank: number) => readonly (readonly [number, number])[]>
> = {
  Conv: () => [[1, 0]],
  ConvTranspose: () => [[1, 1]],
  Gemm: (operation) => [[1, operation.int('transB', 0) === 0 ? 1 : 0]],
  MatMul: (_, rank) => [[1, Math.max(0, rank - 1)]],
  // [directions, gates · hidden, inputs]
  LSTM: () => [...recurrentWeights],
  GRU: () => [...recurrentWeights],
  RNN: () => [...recurrentWeights],
};
const recurrentWeights = [
  [1, 1],
  [2, 1],
] as const;

export const layerName = (node: Node): string => node.name || (node.outputs[0] ?? '');

export function isStandard({ domain }: Node): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/**
 * The layers of the main graph with weights of FLOAT that nobody can change from outside, and those that have others.
 * @param operators which of them count
 */
export function layersOf({ graph }: Model, operators: readonly string[]): { layers: Layer[]; left: LeftOut[] } {
  const layers: Layer[] = [];
  const left: LeftOut[] = [];
  for (const node of graph.nodes) {
    if (!isStandard(node) || !operators.includes(node.opType)) continue;
    const name = layerName(node);
    const weights = weightsOf(graph, node);
    const why = weights.map(({ name: weight }) => problemOf(graph, weight)).find((each) => each !== undefined);
    if (why === undefined) layers.push({ name, node, weights });
    else left.push({ layer: name, operator: node.opType, why });
  }
  return { layers, left };
}

function weightsOf(graph: Graph, node: Node): Layer['weights'] {
  const rank = graph.initializers.get(node.inputs[1] ?? '')?.dims.length ?? 0;
  const inputs = weightInputs[node.opType]?.(new Operation(node), rank) ?? [];
  return inputs.map(([input, axis]) => ({ name: node.inputs[input] ?? '', input, axis }));
}

function problemOf(graph: Graph, name: string): string | undefined {
  const constant = graph.initializers.get(name);
  if (graph.sparseInitializers.has(name)) return 'its weights are stored sparsely';
  if (constant === undefined) return 'its weights are computed';
  if (graph.inputs.some((input) => input.name === name)) return 'its weights are an input, which a caller may replace';
  if (constant.dataType !== 'FLOAT') return `its weights are ${constant.dataType}`;
  if (constant.content.kind === 'external') return 'its weights lie in another file';
  return constant.dims.includes(0) ? 'its weights are empty' : undefined;
}

/** Whether a layer goes by one of these names: its own, or that of a weight. */
export function isNamed({ name, weights }: Layer, names: readonly string[]): boolean {
  return names.includes(name) || weights.some((weight) => names.includes(weight.name));
}
