import { type Graph, type Model, tensorValue, type ValueInfo } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import { backward } from './backward.ts';
import type { Facts } from './facts.ts';
import { GraphWriter } from './graph-writer.ts';
import { knownValues } from './known-values.ts';
import { type Loss, type LossInputs, type LossName, losses } from './losses.ts';
import { zerosLike } from './rules/shape.ts';

/** Names of inputs and outputs that a gradient model has beside those of the model it comes from. */
export const ports = {
  labels: 'holdfast/labels',
  targets: 'holdfast/targets',
  seed: 'holdfast/seed',
  loss: 'holdfast/loss',
};

/** The output that holds the gradient with respect to an input or an initializer. */
export function gradientPort(name: string): string {
  return `holdfast/gradient/${name}`;
}

/** A loss that is none of the named: what it takes beside the logits, and how it is written. */
export interface OwnLoss {
  readonly inputs: readonly ValueInfo[];
  readonly write: (writer: GraphWriter, of: Pick<LossInputs, 'logits' | 'type'>) => Loss;
}

/** What to differentiate. */
export interface GradientOptions {
  readonly facts: Facts;
  /** The output that counts: logits [N, K], or any value where `loss` is `seed`. */
  readonly output: string;
  /** A loss of the rows, or `seed`: the caller gives dL/d(output) as an input. */
  readonly loss: LossName | 'seed' | OwnLoss;
  /** Graph inputs or initializers. */
  readonly withRespectTo: readonly string[];
  /**
   * Initializers whose gradient is given for each row, [N, …]: of Gemm, MatMul, Conv, and what is added or multiplied. Only
   * what a row's own numbers lead to is in it: nothing in the model may mix rows.
   */
  readonly perRow?: readonly string[];
}

/**
 * The model with its gradient behind it, as one graph of standard operators: outputs are the value that counts, the loss
 * of each row (not for `seed`), and the gradient of the summed loss with respect to each of `withRespectTo`.
 * @param model in opset 18 or newer ({@link upgraded})
 * @throws TrialsError HF_TRIALS_OPERATOR, HF_TRIALS_FACTS
 */
export function gradientModel(model: Model, options: GradientOptions): Model {
  const { graph } = model;
  const { facts, output } = options;
  const writer = new GraphWriter({ facts, taken: namesOf(graph), known: knownValues(graph) });
  const { type, dims } = writer.facts(output);
  const batch = dims.map((size, axis) => size ?? `d${String(axis)}`);
  const needed = nodesBefore(graph, output).map((node) => withIndices(node, writer));
  const extra: ValueInfo[] = [];
  const results: ValueInfo[] = [tensorValue(output, type, batch)];
  let seed: string = ports.seed;
  if (options.loss === 'seed') {
    extra.push(tensorValue(ports.seed, type, batch));
  } else {
    const rows = batch.slice(0, 1);
    const { inputs, write } = typeof options.loss === 'string' ? named(options.loss, rows) : options.loss;
    extra.push(...inputs);
    const loss = write(writer, { logits: output, type });
    writer.nodes.push(renamed(loss.value, ports.loss));
    results.push(tensorValue(ports.loss, type, rows));
    seed = loss.seed;
  }
  const perRow = new Set(options.perRow);
  const names = [...options.withRespectTo, ...perRow];
  const gradients = backward(writer, needed, new Map([[output, seed]]), names, perRow);
  for (const name of names) {
    const isOwn = perRow.has(name);
    const none = () => (isOwn ? zerosOfRows(writer, name, output) : zerosLike(writer, name));
    writer.nodes.push(renamed(gradients.get(name) ?? none(), gradientPort(name)));
    results.push(gradientValue(writer, name, isOwn ? batch.slice(0, 1) : []));
  }
  return { ...model, graph: joined(graph, needed, writer, { inputs: extra, outputs: results }) };
}

function named(loss: LossName, rows: readonly (number | string)[]): OwnLoss {
  const labels = tensorValue(ports.labels, 'INT64', rows);
  const targets = loss === 'dlr-targeted' ? [tensorValue(ports.targets, 'INT64', rows)] : [];
  return { inputs: [labels, ...targets], write: (writer, of) => losses[loss](writer, { ...of, ...ports }) };
}

function gradientValue(writer: GraphWriter, name: string, rows: readonly (number | string)[]): ValueInfo {
  const { type, dims } = writer.facts(name);
  return tensorValue(gradientPort(name), type, [...rows, ...dims.map((size, axis) => size ?? `g${String(axis)}`)]);
}

/** [N, …] where the loss does not depend on a weight. */
function zerosOfRows(writer: GraphWriter, name: string, output: string): string {
  const rows = writer.emit('Shape', [output], { start: 0n, end: 1n });
  const shape = writer.emit('Concat', [rows, writer.shape(name)], { axis: 0n });
  return writer.emit('Expand', [writer.scalar(0, writer.facts(name).type), shape]);
}

/** MaxPool gives its Indices, which its gradient needs. */
function withIndices(node: Graph['nodes'][number], writer: GraphWriter): Graph['nodes'][number] {
  if (node.opType !== 'MaxPool' || node.domain !== '' || node.outputs.length > 1) return node;
  return { ...node, outputs: [...node.outputs, writer.name('Indices')] };
}

function renamed(from: string, to: string): Graph['nodes'][number] {
  const none = { attributes: new Map(), deviceConfigurations: [], domain: '', overload: '' };
  return { ...none, name: to, opType: 'Identity', inputs: [from], outputs: [to] };
}

function joined(
  graph: Graph,
  nodes: Graph['nodes'],
  writer: GraphWriter,
  more: { readonly inputs: readonly ValueInfo[]; readonly outputs: readonly ValueInfo[] },
): Graph {
  return {
    ...graph,
    inputs: [...graph.inputs, ...more.inputs],
    outputs: more.outputs,
    nodes: [...nodes, ...writer.nodes],
    initializers: new Map([...graph.initializers, ...writer.initializers]),
    valueInfo: [],
  };
}

/** The model with one value as its only output, and nothing that this does not depend on. */
export function prunedTo(model: Model, output: string): Model {
  const { graph } = model;
  const known = graph.outputs.find(({ name }) => name === output);
  return { ...model, graph: { ...graph, nodes: nodesBefore(graph, output), outputs: [known ?? { name: output }] } };
}

/** The nodes that a value depends on. Heads of the model that it does not depend on are left out. */
function nodesBefore(graph: Graph, output: string): Graph['nodes'] {
  const needed = new Set([output]);
  const kept = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of node.inputs) needed.add(name);
    for (const attribute of node.attributes.values()) {
      if (attribute.type === 'GRAPH') for (const name of namesUsed(attribute.value)) needed.add(name);
    }
    return true;
  });
  const known = [...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()];
  if (kept.length === 0 && !known.includes(output)) {
    throw new TrialsError('HF_TRIALS_FACTS', `the model has no value \`${output}\``);
  }
  return kept.toReversed();
}

function* namesUsed(graph: Graph): Generator<string> {
  for (const { name } of graph.outputs) yield name;
  for (const node of graph.nodes) {
    yield* node.inputs;
    for (const attribute of node.attributes.values()) {
      if (attribute.type === 'GRAPH') yield* namesUsed(attribute.value);
    }
  }
}

function* namesOf(graph: Graph): Generator<string> {
  for (const { name } of graph.inputs) yield name;
  yield* graph.initializers.keys();
  for (const node of graph.nodes) yield* node.outputs;
}
