import { type Graph, type Model, type Node, valuesOf } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';

/** Numbers that training changes, by the name of the initializer. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** A weight, where it is used. */
export interface WeightUse {
  readonly name: string;
  readonly node: Node;
  /** Which input of the node it is. */
  readonly place: number;
}

/** Inputs of operators that are weights, by operator: which of them. Statistics of BatchNormalization are none. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  ...{ Conv: [1, 2], ConvTranspose: [1, 2], Gemm: [0, 1, 2], MatMul: [0, 1], Add: [0, 1], Mul: [0, 1] },
  ...{ BatchNormalization: [1, 2], LayerNormalization: [1, 2], InstanceNormalization: [1, 2] },
  ...{ GroupNormalization: [1, 2], RMSNormalization: [1], PRelu: [1], Gather: [0] },
  ...{ LSTM: [1, 2, 3], GRU: [1, 2, 3], RNN: [1, 2, 3] },
};

/** Operators that hand a weight on as it is, or in another shape. */
const handOn = new Set(['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** Initializers of FLOAT with more than one element that stand where operators have weights, each with its first use. */
export function weightUses({ graph }: Model): WeightUse[] {
  const uses = new Map<string, WeightUse>();
  for (const node of graph.nodes) {
    for (const place of weightInputs[node.opType] ?? []) {
      const name = rootOf(graph, node.inputs[place] ?? '');
      const constant = graph.initializers.get(name);
      const count = constant?.dims.reduce((product, size) => product * size, 1) ?? 0;
      if (constant?.dataType === 'FLOAT' && count > 1 && !uses.has(name)) uses.set(name, { name, node, place });
    }
  }
  return [...uses.values()];
}

/** The value behind operators that only hand it on. */
function rootOf(graph: Graph, value: string): string {
  if (graph.initializers.has(value)) return value;
  const by = graph.nodes.find(({ outputs }) => outputs[0] === value);
  return by !== undefined && handOn.has(by.opType) ? rootOf(graph, by.inputs[0] ?? '') : value;
}

/** A copy of an initializer's numbers. @throws TrialsError HF_TRIALS_MODEL */
export function weightOf({ graph }: Model, name: string): Float32Array {
  const constant = graph.initializers.get(name);
  if (constant === undefined) throw new TrialsError('HF_TRIALS_MODEL', `the model has no weight \`${name}\``);
  return valuesOf(constant, 'FLOAT').slice();
}
