import type { Cell } from './ordering.ts';

const sweeps = 6;

/**
 * The vertical centre of every cell: near the mean of its neighbours, in the given order, without touching the next.
 *
 * @param layers for each layer, the numbers of its cells from top to bottom
 * @param gap least room between two cells
 */
export function placeVertically(cells: readonly Cell[], layers: readonly (readonly number[])[], gap: number): number[] {
  const centres = cells.map(() => 0);
  const put = (layer: readonly number[], wanted: readonly number[]): void => {
    const offsets = stackOffsets(layer, cells, gap);
    const heights = nearestRising(wanted.map((value, at) => value - (offsets[at] ?? 0)));
    for (const [at, number] of layer.entries()) centres[number] = (heights[at] ?? 0) + (offsets[at] ?? 0);
  };
  for (const layer of layers)
    put(
      layer,
      layer.map(() => 0),
    );
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const side = sweep % 2 === 0 ? 'left' : 'right';
    for (const layer of side === 'left' ? layers : layers.toReversed()) {
      put(
        layer,
        layer.map((number) => meanOf(cells[number]?.[side] ?? [], centres, centres[number] ?? 0)),
      );
    }
  }
  return centres;
}

function meanOf(neighbours: readonly number[], centres: readonly number[], otherwise: number): number {
  if (neighbours.length === 0) return otherwise;
  return neighbours.reduce((sum, number) => sum + (centres[number] ?? 0), 0) / neighbours.length;
}

/** How far below the first each cell of a layer has to stand at least. */
function stackOffsets(layer: readonly number[], cells: readonly Cell[], gap: number): number[] {
  let offset = 0;
  return layer.map((number, at) => {
    const before = at === 0 ? undefined : cells[layer[at - 1] ?? -1];
    if (before !== undefined) offset += (before.height + (cells[number]?.height ?? 0)) / 2 + gap;
    return offset;
  });
}

/**
 * The numbers that never fall and are nearest to the given ones in the least squares: pool adjacent violators (Barlow,
 * Bartholomew, Bremner, Brunk 1972).
 */
export function nearestRising(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.count >= pool.sum / pool.count; ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
      last = pools.at(-1);
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
