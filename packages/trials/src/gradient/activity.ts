import type { Graph, Node } from '@holdfast/onnx';
import { isReal } from './facts.ts';
import type { GraphWriter } from './graph-writer.ts';

/**
 * The values that depend on any of `names`, and these themselves: real ones, and whole numbers that stand for real ones,
 * behind QuantizeLinear.
 */
export function dependentOn(nodes: readonly Node[], names: readonly string[], writer: GraphWriter): Set<string> {
  const active = new Set(names);
  for (const node of nodes) {
    if (![...usedBy(node)].some((name) => active.has(name))) continue;
    const isQuantised = node.inputs.some(
      (name) => active.has(name) && writer.knows(name) && !isRealValue(name, writer),
    );
    node.outputs.forEach((name, index) => {
      if (name !== '' && isReached(node, index, isQuantised, writer)) active.add(name);
    });
  }
  return active;
}

/** What a node takes, also what graphs within it take from around. */
export function* usedBy(node: Node): Generator<string> {
  yield* node.inputs;
  for (const attribute of node.attributes.values()) {
    if (attribute.type === 'GRAPH') yield* usedWithin(attribute.value);
    if (attribute.type === 'GRAPHS') for (const graph of attribute.value) yield* usedWithin(graph);
  }
}

function* usedWithin(graph: Graph): Generator<string> {
  for (const { name } of graph.outputs) yield name;
  for (const node of graph.nodes) yield* usedBy(node);
}

function isRealValue(name: string, writer: GraphWriter): boolean {
  return isReal(writer.facts(name).type);
}

function isReached(node: Node, index: number, isQuantised: boolean, writer: GraphWriter): boolean {
  const name = node.outputs[index] ?? '';
  // Its scale and its zero point count as constants.
  if (node.opType === 'DynamicQuantizeLinear') return index === 0;
  if (!writer.knows(name) || isRealValue(name, writer) || node.opType === 'QuantizeLinear') return true;
  return isQuantised && /INT(4|8|16|32)$/.test(writer.facts(name).type);
}
