import { reversed, type Successors } from './acyclic.ts';

/**
 * A layer for every node, so that every arrow leads to a later one: as far left as the longest way to it allows. What
 * nothing leads to stands right before the first that it leads to.
 *
 * @param successors without circles
 */
export function longestPathLayers(successors: Successors): number[] {
  const predecessors = reversed(successors);
  const layers = successors.map(() => 0);
  const waiting = predecessors.map(({ length }) => length);
  const ready = [...waiting.keys()].filter((node) => waiting[node] === 0);
  for (const node of ready) {
    for (const to of successors[node] ?? []) {
      layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1);
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  for (const [node, from] of predecessors.entries()) {
    const first = (successors[node] ?? []).reduce((least, to) => Math.min(least, layers[to] ?? 0), Infinity);
    if (from.length === 0 && first !== Infinity) layers[node] = first - 1;
  }
  return layers;
}
