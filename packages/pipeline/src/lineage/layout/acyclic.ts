/** Nodes are numbers from 0; for each, the nodes that it leads to. */
export type Successors = readonly (readonly number[])[];

/**
 * Finds arrows without which there is no circle: those that lead back to a node on the way from where the walk began.
 *
 * @returns for each node, the successors that are kept, each once
 */
export function withoutCircles(successors: Successors): Successors {
  const kept: Set<number>[] = successors.map(() => new Set());
  const state: ('new' | 'open' | 'done')[] = successors.map(() => 'new');
  for (const start of successors.keys()) {
    if (state[start] !== 'new') continue;
    state[start] = 'open';
    const walk: { readonly node: number; at: number }[] = [{ node: start, at: 0 }];
    for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
      const to = successors[step.node]?.[step.at++];
      if (to === undefined) {
        state[step.node] = 'done';
        walk.pop();
      } else if (state[to] !== 'open') {
        kept[step.node]?.add(to);
        if (state[to] === 'new') walk.push({ node: to, at: 0 });
        if (state[to] === 'new') state[to] = 'open';
      }
    }
  }
  return kept.map((nodes) => [...nodes]);
}

/** The same arrows, the other way round. */
export function reversed(successors: Successors): Successors {
  const predecessors: number[][] = successors.map(() => []);
  for (const [from, nodes] of successors.entries()) for (const to of nodes) predecessors[to]?.push(from);
  return predecessors;
}
