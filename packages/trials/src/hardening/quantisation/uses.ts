import type { Graph } from '@holdfast/onnx';

/** Every place where a value is read: by nodes, by graphs within nodes, as an output. */
export function* usesIn(graph: Graph): Generator<string> {
  for (const { name } of graph.outputs) yield name;
  for (const { inputs, attributes } of graph.nodes) {
    yield* inputs;
    for (const attribute of attributes.values()) {
      if (attribute.type === 'GRAPH') yield* usesIn(attribute.value);
      if (attribute.type === 'GRAPHS') for (const each of attribute.value) yield* usesIn(each);
    }
  }
}

/** How often each value is read. */
export function countUses(graph: Graph): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of usesIn(graph)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The graph without constants that nothing reads. */
export function withoutUnused(graph: Graph): Graph {
  const used = new Set(usesIn(graph));
  for (const { name } of graph.inputs) used.add(name);
  return { ...graph, initializers: new Map([...graph.initializers].filter(([name]) => used.has(name))) };
}
