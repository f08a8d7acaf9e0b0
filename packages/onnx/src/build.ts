import type { DataType } from './data-type.ts';
import type { AttributeWithValue, Dimension, Graph, Model, Node, ValueInfo } from './graph.ts';
import type { Tensor } from './tensor.ts';

/** Typed arrays whose bytes are an ONNX element type as they stand. */
type Elements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

const typeOfArray = {
  Float32Array: 'FLOAT',
  Float64Array: 'DOUBLE',
  Int8Array: 'INT8',
  Uint8Array: 'UINT8',
  Int16Array: 'INT16',
  Uint16Array: 'UINT16',
  Int32Array: 'INT32',
  Uint32Array: 'UINT32',
  BigInt64Array: 'INT64',
  BigUint64Array: 'UINT64',
} as const satisfies Record<string, DataType>;

/**
 * A tensor with the elements of a typed array, row-major. The array is not copied: it must not change before it is
 * written. Typed arrays are little-endian on every machine that Node is released for, as raw data is.
 * @example tensor('weights', [9, 1], new Float32Array(9))
 */
export function tensor(name: string, dims: readonly number[], data: Elements): Tensor {
  const dataType = typeOfArray[data[Symbol.toStringTag]];
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dataType, dims, content: { kind: 'raw', bytes } };
}

/** What a node can say beside its operator, inputs and outputs. */
export interface NodeOptions {
  readonly name?: string;
  readonly domain?: string;
  /** Numbers are FLOAT, big integers INT, texts STRING, and lists of them FLOATS, INTS, STRINGS. */
  readonly attributes?: Readonly<Record<string, AttributeLiteral>>;
}
type AttributeLiteral = number | bigint | string | readonly number[] | readonly bigint[] | AttributeWithValue;

/**
 * A node: an operator, the values that it takes, the values that it gives.
 * @example node('Gemm', ['x', 'weights', 'bias'], ['logits'], { attributes: { transB: 1n } })
 */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  options: NodeOptions = {},
): Node {
  const attributes = Object.entries(options.attributes ?? {}).map(
    ([name, value]) => [name, attributeOf(value)] as const,
  );
  return {
    name: options.name ?? '',
    opType,
    domain: options.domain ?? '',
    overload: '',
    inputs,
    outputs,
    attributes: new Map(attributes),
    deviceConfigurations: [],
  };
}

function attributeOf(value: AttributeLiteral): AttributeWithValue {
  if (typeof value === 'number') return { type: 'FLOAT', value };
  if (typeof value === 'bigint') return { type: 'INT', value };
  if (typeof value === 'string') return { type: 'STRING', value: new TextEncoder().encode(value) };
  if ('type' in value) return value;
  return isBig(value) ? { type: 'INTS', value } : { type: 'FLOATS', value };
}

function isBig(list: readonly number[] | readonly bigint[]): list is readonly bigint[] {
  return typeof list[0] === 'bigint';
}

/**
 * An input or output that is a tensor.
 * @param shape sizes, symbolic names such as `'N'`, or null where nothing is known
 */
export function tensorValue(name: string, elementType: DataType, shape: readonly Dimension[]): ValueInfo {
  return { name, type: { kind: 'tensor', elementType, shape } };
}

/** A graph; its nodes in topological order. */
export function graphOf(parts: {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly initializers?: readonly Tensor[];
}): Graph {
  return {
    name: parts.name,
    inputs: parts.inputs,
    outputs: parts.outputs,
    nodes: parts.nodes,
    initializers: new Map((parts.initializers ?? []).map((constant) => [constant.name, constant])),
    sparseInitializers: new Map(),
    valueInfo: [],
    quantization: [],
  };
}

/**
 * A model around a graph.
 * @param parts.opsets operator set versions by domain; the standard operators have the domain `''`
 * @param parts.irVersion 8 unless given, which every runtime since 2021 reads
 * @example
 * ```ts
 * import { graphOf, modelOf, node, tensorValue } from '@holdfast/onnx';
 * const [x, y] = ['x', 'y'].map((name) => tensorValue(name, 'FLOAT', ['n', 4]));
 * if (x && y) modelOf({ graph: graphOf({ name: 'g', nodes: [node('Relu', ['x'], ['y'])], inputs: [x], outputs: [y] }), opsets: { '': 17 } });
 * ```
 */
export function modelOf(parts: {
  readonly graph: Graph;
  readonly opsets: Readonly<Record<string, number>>;
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}): Model {
  return {
    irVersion: parts.irVersion ?? 8,
    opsets: new Map(Object.entries(parts.opsets)),
    producerName: parts.producerName ?? '',
    producerVersion: parts.producerVersion ?? '',
    domain: '',
    modelVersion: 0n,
    graph: parts.graph,
    functions: [],
    trainingInfo: [],
    configuration: [],
    ...(parts.metadata ? { metadata: new Map(Object.entries(parts.metadata)) } : {}),
  };
}
