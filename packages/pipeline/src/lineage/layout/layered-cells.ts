import type { Successors } from './acyclic.ts';
import type { Cell } from './ordering.ts';

/** More crossings of layers than this, and long arrows are drawn straight. */
const mostBends = 20_000;

/** The cells of a layered graph: first the boxes, by their number, then the bends of long arrows. */
export interface LayeredCells {
  readonly cells: readonly Cell[];
  /** The bends between two boxes, by `from to`. */
  readonly bends: ReadonlyMap<string, readonly number[]>;
}

/** Cuts every arrow that crosses layers into pieces from one layer to the next. */
export function layeredCells(
  successors: Successors,
  layers: readonly number[],
  heights: readonly number[],
): LayeredCells {
  const cells: Cell[] = heights.map((height, node) => ({ layer: layers[node] ?? 0, height, left: [], right: [] }));
  const bends = new Map<string, readonly number[]>();
  const link = (from: number, to: number): void => {
    cells[from]?.right.push(to);
    cells[to]?.left.push(from);
  };
  let left = mostBends;
  for (const [from, nodes] of successors.entries()) {
    for (const to of nodes) {
      const [first, last] = [layers[from] ?? 0, layers[to] ?? 0];
      left -= Math.max(0, last - first - 1);
      const crossed = left < 0 ? [] : Array.from({ length: last - first - 1 }, (_, at) => first + 1 + at);
      const added = crossed.map((layer) => cells.push({ layer, height: 0, left: [], right: [] }) - 1);
      const way = [from, ...added, to];
      for (const [at, cell] of way.slice(1).entries()) link(way[at] ?? 0, cell);
      if (added.length > 0) bends.set(`${from} ${to}`, added);
    }
  }
  return { cells, bends };
}
