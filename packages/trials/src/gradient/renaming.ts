import type { Attribute, Graph, Node } from '@holdfast/onnx';

/** New names: those that a place knows, and one in front of all others. */
export interface Renaming {
  readonly known: ReadonlyMap<string, string>;
  /** Names that are not known: kept, or given the prefix. */
  readonly others: 'kept' | 'prefixed';
  readonly prefix: string;
}

/** What a name becomes; `''` stays. */
export function renamed(name: string, { known, others, prefix }: Renaming): string {
  if (name === '') return '';
  return known.get(name) ?? (others === 'kept' ? name : `${prefix}${name}`);
}

/** A node under other names, with what the graphs within it take from around. */
export function renamedNode(node: Node, renaming: Renaming): Node {
  const attributes = [...node.attributes].map(([name, attribute]): [string, Attribute] => [
    name,
    renamedAttribute(attribute, renaming),
  ]);
  return {
    ...node,
    name: node.name === '' ? '' : `${renaming.prefix}${node.name}`,
    inputs: node.inputs.map((name) => renamed(name, renaming)),
    outputs: node.outputs.map((name) => renamed(name, renaming)),
    attributes: new Map(attributes),
  };
}

function renamedAttribute(attribute: Attribute, renaming: Renaming): Attribute {
  if (attribute.type === 'GRAPH') return { ...attribute, value: renamedGraph(attribute.value, renaming) };
  if (attribute.type !== 'GRAPHS') return attribute;
  return { ...attribute, value: attribute.value.map((graph) => renamedGraph(graph, renaming)) };
}

/** A graph whose own names, which may hide others, all get the prefix. */
export function renamedGraph(graph: Graph, renaming: Renaming): Graph {
  const own = [...ownNames(graph)].map((name) => [name, `${renaming.prefix}${name}`] as const);
  const inner: Renaming = { ...renaming, known: new Map([...renaming.known, ...own]) };
  const value = <T extends { readonly name: string }>(each: T): T => ({ ...each, name: renamed(each.name, inner) });
  return {
    ...graph,
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    initializers: new Map([...graph.initializers.values()].map(value).map((each) => [each.name, each])),
    sparseInitializers: new Map(
      [...graph.sparseInitializers].map(([name, each]) => [
        renamed(name, inner),
        { ...each, values: value(each.values) },
      ]),
    ),
    nodes: graph.nodes.map((node) => renamedNode(node, inner)),
    valueInfo: [],
  };
}

/** The names that a graph gives: inputs, constants, and what its nodes make. */
function* ownNames(graph: Graph): Generator<string> {
  for (const { name } of graph.inputs) yield name;
  yield* graph.initializers.keys();
  yield* graph.sparseInitializers.keys();
  for (const node of graph.nodes) for (const name of node.outputs) if (name !== '') yield name;
}
