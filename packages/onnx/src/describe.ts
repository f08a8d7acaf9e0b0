import { functionId, newestOpsets } from './check-model.ts';
import type { Attribute, Dimension, Graph, Model, Node, ValueInfo, ValueType } from './graph.ts';
import { graphsOf } from './scope.ts';
import { elementCount, type SparseTensor, type Tensor } from './tensor.ts';

/** An input or output in words that print well. */
export interface ValueDescription {
  readonly name: string;
  /** Such as `FLOAT`, `sequence(map(INT64, FLOAT))`, or `unknown`. */
  readonly type: string;
  /** Absent where it is not a tensor or its rank is not known. */
  readonly shape?: readonly Dimension[];
}

/** What a model is, without its weights. Plain JSON. */
export interface ModelDescription {
  readonly irVersion: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: { readonly name: string; readonly version: string };
  readonly graph: string;
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  /** How often each operator stands in the model, functions and subgraphs included; `domain::Op` beside the standard. */
  readonly operators: Readonly<Record<string, number>>;
  /** Elements of all initializers, subgraphs included. */
  readonly parameters: number;
  /** Domains that ONNX itself does not define: their operators run somebody's own code. Functions do not count. */
  readonly customDomains: readonly string[];
  /** Other files that hold weights, relative to the folder of the model. */
  readonly externalFiles: readonly string[];
  readonly functions: readonly string[];
  /** Whether graphs for training come along, which an inference runtime does not read. */
  readonly hasTrainingInfo: boolean;
}

/** Says what a model is: versions, producer, inputs and outputs, operators, parameters, what it needs from outside. */
export function describeModel(model: Model): ModelDescription {
  const functions = new Set(model.functions.map(({ domain, name, overload }) => functionId(domain, name, overload)));
  const sums: Sums = { functions, operators: new Map(), domains: new Set(), externalFiles: new Set(), parameters: 0 };
  addGraph(sums, model.graph);
  for (const { nodes, attributes } of model.functions) {
    for (const attribute of attributes.values()) addAttribute(sums, attribute);
    for (const node of nodes) addNode(sums, node);
  }
  return {
    irVersion: model.irVersion,
    opsets: Object.fromEntries([...model.opsets].map(([domain, version]) => [domain || 'ai.onnx', version])),
    producer: { name: model.producerName, version: model.producerVersion },
    graph: model.graph.name,
    inputs: model.graph.inputs.filter(({ name }) => !model.graph.initializers.has(name)).map(describeValue),
    outputs: model.graph.outputs.map(describeValue),
    operators: Object.fromEntries([...sums.operators].sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters: sums.parameters,
    customDomains: [...sums.domains].filter((domain) => !newestOpsets.has(domain)).sort(),
    externalFiles: [...sums.externalFiles].sort(),
    functions: model.functions.map(({ domain, name }) => `${domain}::${name}`),
    hasTrainingInfo: model.trainingInfo.length > 0,
  };
}

interface Sums {
  readonly functions: ReadonlySet<string>;
  readonly operators: Map<string, number>;
  readonly domains: Set<string>;
  readonly externalFiles: Set<string>;
  parameters: number;
}

function addGraph(sums: Sums, graph: Graph): void {
  for (const tensor of graph.initializers.values()) {
    sums.parameters += elementCount(tensor.dims);
    addTensor(sums, tensor);
  }
  for (const sparse of graph.sparseInitializers.values()) {
    sums.parameters += elementCount(sparse.values.dims);
    addSparseTensor(sums, sparse);
  }
  for (const node of graph.nodes) addNode(sums, node);
}

function addNode(sums: Sums, node: Node): void {
  const operator = node.domain === '' ? node.opType : `${node.domain}::${node.opType}`;
  sums.operators.set(operator, (sums.operators.get(operator) ?? 0) + 1);
  if (!sums.functions.has(functionId(node.domain, node.opType, node.overload))) sums.domains.add(node.domain);
  for (const attribute of node.attributes.values()) addAttribute(sums, attribute);
}

function addAttribute(sums: Sums, attribute: Attribute): void {
  for (const graph of graphsOf(attribute)) addGraph(sums, graph);
  if (attribute.type === 'TENSOR') addTensor(sums, attribute.value);
  if (attribute.type === 'TENSORS') for (const tensor of attribute.value) addTensor(sums, tensor);
  if (attribute.type === 'SPARSE_TENSOR') addSparseTensor(sums, attribute.value);
  if (attribute.type === 'SPARSE_TENSORS') for (const sparse of attribute.value) addSparseTensor(sums, sparse);
}

function addSparseTensor(sums: Sums, { values, indices }: SparseTensor): void {
  addTensor(sums, values);
  addTensor(sums, indices);
}

function addTensor(sums: Sums, { content }: Tensor): void {
  if (content.kind === 'external') sums.externalFiles.add(content.data.location);
}

function describeValue({ name, type }: ValueInfo): ValueDescription {
  const shape = type && 'shape' in type ? type.shape : undefined;
  return { name, type: typeInWords(type), ...(shape ? { shape } : {}) };
}

function typeInWords(type: ValueType | undefined): string {
  if (type === undefined) return 'unknown';
  switch (type.kind) {
    case 'tensor':
      return type.elementType;
    case 'sparse-tensor':
      return `sparse(${type.elementType})`;
    case 'sequence':
    case 'optional':
      return `${type.kind}(${typeInWords(type.of)})`;
    case 'map':
      return `map(${type.key}, ${typeInWords(type.value)})`;
    case 'opaque':
      return `opaque(${type.domain}::${type.name})`;
  }
}
