import { addOnce } from './decode-text.ts';
import { OnnxError, shown } from './errors.ts';
import type { Attribute, Graph, Node } from './graph.ts';

/** The names that can be used at a place: those of this graph so far, then those of the graphs around it. */
interface Scope {
  readonly names: Map<string, true>;
  readonly outer?: Scope;
}

/** What visits every graph and node: told about each once, before what is inside it. */
export interface Visitor {
  graph(graph: Graph, where: string, depth: number): void;
  node(node: Node, where: string): void;
}

/**
 * Checks that every input of every node is produced before it, in this graph or one around it; that nothing is produced
 * twice (static single assignment); that every output is produced. IR.md, "Graphs" and "Names Within a Graph".
 * @throws OnnxError HF_ONNX_UNRESOLVED, HF_ONNX_ORDER, HF_ONNX_DUPLICATE_NAME
 */
export function checkGraphNames(graph: Graph, visitor: Visitor, where: string): void {
  checkInner(graph, visitor, where, undefined, 0);
}

function checkInner(graph: Graph, visitor: Visitor, where: string, outer: Scope | undefined, depth: number): void {
  visitor.graph(graph, where, depth);
  const scope: Scope = { names: new Map(), ...(outer ? { outer } : {}) };
  for (const { name } of graph.inputs) addOnce(scope.names, name, true, 'the input', where);
  // An initializer of an input's name is its default value (IR.md, "Graphs").
  for (const name of [...graph.initializers.keys(), ...graph.sparseInitializers.keys()]) scope.names.set(name, true);
  checkNodes(graph.nodes, visitor, where, scope, depth);
  for (const { name } of graph.outputs) {
    if (!isInScope(name, scope))
      throw new OnnxError('HF_ONNX_UNRESOLVED', `nothing produces the output ${shown(name)}`, { where });
  }
}

/** Checks the nodes of a function, whose inputs are all that it can see. @throws as {@link checkGraphNames} */
export function checkFunctionNames(
  definition: {
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly nodes: readonly Node[];
  },
  visitor: Visitor,
  where: string,
): void {
  const scope: Scope = { names: new Map() };
  for (const name of definition.inputs) addOnce(scope.names, name, true, 'the input', where);
  checkNodes(definition.nodes, visitor, where, scope, 0);
  for (const name of definition.outputs) {
    if (!isInScope(name, scope))
      throw new OnnxError('HF_ONNX_UNRESOLVED', `nothing produces the output ${shown(name)}`, { where });
  }
}

function checkNodes(nodes: readonly Node[], visitor: Visitor, where: string, scope: Scope, depth: number): void {
  for (const [index, node] of nodes.entries()) {
    const inside = `${where}, node ${index} ${shown(node.name || node.opType)}`;
    visitor.node(node, inside);
    for (const name of node.inputs) if (name !== '' && !isInScope(name, scope)) missing(name, nodes, index, inside);
    for (const attribute of node.attributes.values()) {
      for (const graph of graphsOf(attribute)) {
        checkInner(graph, visitor, `${inside}, graph ${shown(graph.name)}`, scope, depth + 1);
      }
    }
    for (const name of node.outputs) if (name !== '') addOnce(scope.names, name, true, 'the value', inside);
  }
}

/** A name that is not there yet: produced later, or never. */
function missing(name: string, nodes: readonly Node[], index: number, where: string): never {
  const isLater = nodes.slice(index).some(({ outputs }) => outputs.includes(name));
  throw isLater
    ? new OnnxError('HF_ONNX_ORDER', `the input ${shown(name)} is produced by this node or a later one`, { where })
    : new OnnxError('HF_ONNX_UNRESOLVED', `nothing produces the input ${shown(name)}`, { where });
}

function isInScope(name: string, scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.names.has(name)) return true;
  return false;
}

/** The graphs inside an attribute. */
export function graphsOf(attribute: Attribute): readonly Graph[] {
  if (attribute.type === 'GRAPH') return [attribute.value];
  return attribute.type === 'GRAPHS' ? attribute.value : [];
}
