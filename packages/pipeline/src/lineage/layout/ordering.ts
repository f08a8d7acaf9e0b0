/** A node of a layered graph: a box, or the place where a long arrow crosses a layer. */
export interface Cell {
  readonly layer: number;
  readonly height: number;
  /** Neighbours in the layers to the left and to the right, by number. */
  readonly left: number[];
  readonly right: number[];
}

const sweeps = 8;

/**
 * The order of the cells in each layer, by the barycentre method (Sugiyama, Tagawa, Toda 1981): each stands where its
 * neighbours stand on average, in turn from the left and from the right.
 *
 * @returns for each layer, the numbers of its cells from top to bottom
 */
export function orderLayers(cells: readonly Cell[]): number[][] {
  const layers: number[][] = [];
  for (const [number, { layer }] of cells.entries()) (layers[layer] ??= []).push(number);
  const place = cells.map(() => 0);
  const settle = (layer: readonly number[]): void => {
    for (const [at, number] of layer.entries()) place[number] = at;
  };
  for (const layer of layers) settle(layer);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const side = sweep % 2 === 0 ? 'left' : 'right';
    for (const layer of side === 'left' ? layers : layers.toReversed()) {
      const centre = new Map(layer.map((number) => [number, barycentre(cells[number]?.[side] ?? [], place, number)]));
      layer.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0));
      settle(layer);
    }
  }
  return layers;
}

/** The mean place of the neighbours; what has none stays where it is. */
function barycentre(neighbours: readonly number[], place: readonly number[], own: number): number {
  if (neighbours.length === 0) return place[own] ?? 0;
  return neighbours.reduce((sum, number) => sum + (place[number] ?? 0), 0) / neighbours.length;
}
