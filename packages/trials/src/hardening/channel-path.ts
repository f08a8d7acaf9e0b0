import { type Graph, type Node, valuesOf } from '@holdfast/onnx';
import { Operation } from '../gradient/operation.ts';
import { isStandard, type Layer } from './layer.ts';

/** Where channels end: a constant that shrinks along an axis with them, or a shape that says how many numbers there are. */
export type Shrinks =
  | { readonly kind: 'weights'; readonly name: string; readonly axis: number; readonly perChannel: number }
  | { readonly kind: 'shape'; readonly node: Node; readonly perChannel: number };

/** Operators that do to each channel what they do, whatever the others hold. */
const channelwise = new Set([
  ...[
    'Relu',
    'LeakyRelu',
    'Elu',
    'Selu',
    'Celu',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Tanh',
    'Clip',
    'Softplus',
    'Softsign',
  ],
  ...['Gelu', 'Mish', 'Erf', 'Identity', 'Dropout', 'MaxPool', 'AveragePool', 'LpPool'],
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'],
]);

/** Why the channels of a layer cannot go. */
export class Blocked extends Error {}

/**
 * Everything that has to shrink when outputs of a layer go: its own weights and bias, and what reads them, up to the next
 * layers.
 * @throws Blocked where something reads the channels that is not understood
 */
export function shrinksBehind(graph: Graph, { node, weights }: Layer, channels: number): Shrinks[] {
  const operation = new Operation(node);
  if (node.opType === 'Conv' && operation.int('group', 1) !== 1) throw new Blocked('its channels are in groups');
  if (node.opType === 'Gemm' && operation.int('transA', 0) !== 0) throw new Blocked('its input is transposed');
  const own = weights.map(({ name, axis }): Shrinks => ({ kind: 'weights', name, axis, perChannel: 1 }));
  const bias = operation.input(2);
  if (bias !== '') own.push(ownBias(graph, bias, channels));
  const isFlat = node.opType === 'Gemm';
  return [...own, ...new Path(graph, channels, isFlat).from(operation.output(), isFlat)];
}

function ownBias(graph: Graph, name: string, channels: number): Shrinks {
  const dims = graph.initializers.get(name)?.dims;
  if (dims?.at(-1) !== channels || dims.some((size, axis) => axis < dims.length - 1 && size !== 1)) {
    throw new Blocked('its bias is not a number for each channel');
  }
  return { kind: 'weights', name, axis: dims.length - 1, perChannel: 1 };
}

class Path {
  readonly #graph: Graph;
  readonly #channels: number;
  readonly #isSingle: boolean;

  /** @param isSingle whether a channel is one number of a row, as behind Gemm */
  constructor(graph: Graph, channels: number, isSingle: boolean) {
    this.#graph = graph;
    this.#channels = channels;
    this.#isSingle = isSingle;
  }

  /** @param isFlat whether the numbers of a channel lie in a row, one channel behind the other */
  from(value: string, isFlat: boolean): Shrinks[] {
    if (this.#graph.outputs.some(({ name }) => name === value)) throw new Blocked('its channels are an output');
    return this.#graph.nodes.flatMap((node) => {
      if ([...node.attributes.values()].some(({ type }) => type === 'GRAPH' || type === 'GRAPHS')) {
        throw new Blocked('the model has graphs within graphs');
      }
      const places = node.inputs.flatMap((name, place) => (name === value ? [place] : []));
      if (places.length === 0) return [];
      if (places.length > 1 || places[0] !== 0 || !isStandard(node)) throw unread(node);
      return this.#through(new Operation(node), isFlat);
    });
  }

  #through(operation: Operation, isFlat: boolean): Shrinks[] {
    const { node, opType } = operation;
    if (channelwise.has(opType)) return node.outputs.flatMap((name) => (name === '' ? [] : this.from(name, isFlat)));
    if (opType === 'BatchNormalization') {
      const constants = node.inputs.slice(1).map((name): Shrinks => this.#constant(name, 0, node));
      return [...constants, ...this.from(operation.output(), isFlat)];
    }
    if (opType === 'Flatten' && operation.int('axis', 1) === 1) return this.from(operation.output(), true);
    if (opType === 'Reshape') return this.#reshape(operation);
    if (opType === 'Conv' && !isFlat && operation.int('group', 1) === 1)
      return [this.#constant(operation.input(1), 1, node)];
    if (opType === 'Gemm' && operation.int('transA', 0) === 0) {
      return [this.#constant(operation.input(1), operation.int('transB', 0) === 0 ? 0 : 1, node)];
    }
    if (opType === 'MatMul' && isFlat) return [this.#constant(operation.input(1), 0, node)];
    throw unread(node);
  }

  #constant(name: string, axis: number, node: Node): Shrinks {
    const constant = this.#graph.initializers.get(name);
    const perChannel = (constant?.dims[axis] ?? 0) / this.#channels;
    const isReplaceable = this.#graph.inputs.some((input) => input.name === name);
    if (constant?.dataType !== 'FLOAT' || isReplaceable || !this.#fits(perChannel)) throw unread(node);
    return { kind: 'weights', name, axis, perChannel };
  }

  #fits(perChannel: number): boolean {
    return this.#isSingle ? perChannel === 1 : Number.isInteger(perChannel) && perChannel > 0;
  }

  /** To a matrix of [rows, numbers]: taken to keep the rows, as every export of a classifier does. */
  #reshape(operation: Operation): Shrinks[] {
    const shape = this.#graph.initializers.get(operation.input(1));
    if (shape?.dataType !== 'INT64' || shape.content.kind === 'external') throw unread(operation.node);
    const [rows, numbers, ...more] = [...valuesOf(shape, 'INT64')].map(Number);
    if (rows === undefined || numbers === undefined || more.length > 0) throw unread(operation.node);
    const perChannel = numbers / this.#channels;
    if (numbers !== -1 && !this.#fits(perChannel)) throw unread(operation.node);
    const behind = this.from(operation.output(), true);
    return numbers === -1 ? behind : [{ kind: 'shape', node: operation.node, perChannel }, ...behind];
  }
}

function unread({ opType, name, outputs }: Node): Blocked {
  return new Blocked(`\`${name || (outputs[0] ?? '')}\` (${opType}) reads its channels`);
}
