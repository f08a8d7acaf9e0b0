import type { Graph, Model, Node } from '@holdfast/onnx';
import { isStandard, type Layer } from '../layer.ts';
import type { Affine } from './affine.ts';
import { countUses } from './uses.ts';

/** Computed in int8 by ONNX Runtime where what comes in and the weights are. */
export const integerOperators: readonly string[] = ['Conv', 'Gemm', 'MatMul'];
/** Weights that are kept in int8 and made real before they are used. */
export const storedOperators: readonly string[] = ['ConvTranspose', 'LSTM', 'GRU', 'RNN'];

/** Give back values that they were given, as they are. */
const passing = new Set([
  ...['MaxPool', 'Reshape', 'Transpose', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Slice'],
  ...['DepthToSpace', 'SpaceToDepth'],
]);
/** Computed in int8 where all that comes in and all that goes out is rounded to eight bits. */
const joining = new Set(['Add', 'AveragePool', 'GlobalAveragePool', 'Concat']);

/** A value that is rounded to eight bits. */
export interface Rounded {
  readonly value: string;
  /** The value whose range it has: its own, or that of what it was passed on from. */
  readonly like: string;
  /** Whether everything behind reads what is rounded; otherwise integer layers only. */
  readonly isForAll: boolean;
}

export interface Plan {
  readonly integer: readonly Layer[];
  readonly stored: readonly Layer[];
  readonly rounded: readonly Rounded[];
}

/** What has to be rounded so that these layers can be computed in int8. */
export function planOf({ graph }: Model, layers: readonly Layer[], type: Affine['type']): Plan {
  const integer = layers.filter(({ node }) => integerOperators.includes(node.opType));
  const stored = layers.filter(({ node }) => storedOperators.includes(node.opType));
  return { integer, stored, rounded: new Rounding(graph, integer, type).rounded() };
}

class Rounding {
  readonly #graph: Graph;
  readonly #type: Affine['type'];
  readonly #layers: readonly Layer[];
  readonly #given: ReadonlyMap<string, Node>;
  readonly #uses: ReadonlyMap<string, number>;
  readonly #found = new Map<string, Rounded>();

  constructor(graph: Graph, layers: readonly Layer[], type: Affine['type']) {
    this.#graph = graph;
    this.#layers = layers;
    this.#type = type;
    this.#given = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
    this.#uses = countUses(graph);
  }

  rounded(): Rounded[] {
    for (const { node } of this.#layers) {
      const value = this.#givenInEight(node);
      if (value !== undefined) this.#found.set(value, { value, like: value, isForAll: true });
    }
    // in the order of the graph, so that what comes before is known
    for (const { node } of this.#layers) this.#need(node.inputs[0] ?? '');
    return [...this.#found.values()];
  }

  /**
   * What a convolution gives, or what Relu makes of it: of an unsigned number what is below 0 is cut off anyway. Gemm and
   * MatMul can give real numbers, but not where ONNX Runtime would fuse Relu into a Gemm of real numbers.
   */
  #givenInEight({ opType, outputs: [output = ''] }: Node): string | undefined {
    const reader =
      this.#uses.get(output) === 1 ? this.#graph.nodes.find(({ inputs }) => inputs[0] === output) : undefined;
    const isCut = reader !== undefined && isStandard(reader) && ['Relu', 'Clip'].includes(reader.opType);
    if (opType === 'Conv') return isCut && this.#type === 'UINT8' ? reader.outputs[0] : output;
    return opType === 'Gemm' && isCut && this.#type === 'INT8' ? output : undefined;
  }

  #need(value: string): void {
    if (this.#found.has(value)) return;
    const passed = this.#passedFrom(value);
    if (passed === undefined) {
      this.#found.set(value, { value, like: value, isForAll: this.#isJoined(value) });
      return;
    }
    const { like, isForAll } = passed.source;
    for (const each of passed.values) this.#found.set(each, { value: each, like, isForAll });
  }

  /** The rounded value that a value was passed on from, and all that lie between. */
  #passedFrom(value: string): { readonly source: Rounded; readonly values: readonly string[] } | undefined {
    const values: string[] = [];
    for (let at = value; ; ) {
      const source = this.#found.get(at);
      if (source !== undefined) return { source, values: values.toReversed() };
      const node = this.#given.get(at);
      if (node === undefined || !isStandard(node) || !passing.has(node.opType) || node.outputs.length > 1)
        return undefined;
      values.push(at);
      at = node.inputs[0] ?? '';
    }
  }

  /** Whether all that it comes from is rounded, so that it can be computed in int8 too. */
  #isJoined(value: string): boolean {
    const node = this.#given.get(value);
    const [input = ''] = node?.inputs ?? [];
    if (node?.opType === 'Relu' && this.#type === 'UINT8' && this.#uses.get(input) === 1) return this.#isJoined(input);
    if (node === undefined || !isStandard(node) || !joining.has(node.opType)) return false;
    return node.inputs.every((name) => this.#found.get(name)?.isForAll === true);
  }
}
