import { type Successors, withoutCircles } from './acyclic.ts';
import type { Arrow, Box, Layout, PlacedBox, Point, RoutedArrow } from './graph.ts';
import { layeredCells } from './layered-cells.ts';
import { longestPathLayers } from './layers.ts';
import { orderLayers } from './ordering.ts';
import { placeVertically } from './placement.ts';

export interface Gaps {
  /** Between two layers. */
  readonly across: number;
  /** Between two boxes of a layer. */
  readonly down: number;
}

/**
 * Lays a directed graph out from left to right in layers. No two boxes touch; every arrow leads to the right, but for
 * those that close a circle.
 *
 * @param arrows between boxes that are there; others are left out
 */
export function layOut(boxes: readonly Box[], arrows: readonly Arrow[], gaps: Gaps): Layout {
  const number = new Map(boxes.map(({ id }, at) => [id, at]));
  const known = arrows.filter(({ from, to }) => number.has(from) && number.has(to));
  const successors: number[][] = boxes.map(() => []);
  for (const { from, to } of known) successors[number.get(from) ?? 0]?.push(number.get(to) ?? 0);
  const forward = withoutCircles(successors);
  const layers = longestPathLayers(forward);
  const { cells, bends } = layeredCells(
    forward,
    layers,
    boxes.map(({ height }) => height),
  );
  const centres = placeVertically(cells, orderLayers(cells), gaps.down);
  const columns = columnsOf(boxes, layers, gaps.across);
  const top = cells.reduce((least, { height }, at) => Math.min(least, (centres[at] ?? 0) - height / 2), Infinity);
  const placed = boxes.map((box, at) => {
    const x = columns[layers[at] ?? 0]?.x ?? 0;
    return { ...box, x, y: (centres[at] ?? 0) - box.height / 2 - top };
  });
  const bendPoints = (from: number, to: number): Point[] =>
    (bends.get(`${from} ${to}`) ?? []).flatMap((cell) => {
      const { x = 0, width = 0 } = columns[cells[cell]?.layer ?? 0] ?? {};
      const y = (centres[cell] ?? 0) - top;
      return [
        { x, y },
        { x: x + width, y },
      ];
    });
  const routed = known.flatMap((arrow) => {
    const [from, to] = [number.get(arrow.from) ?? 0, number.get(arrow.to) ?? 0];
    return route(arrow, placed[from], placed[to], isForward(forward, from, to) ? bendPoints(from, to) : undefined);
  });
  return { ...extent(placed, cells, centres, top), boxes: placed, arrows: routed };
}

const isForward = (forward: Successors, from: number, to: number): boolean => forward[from]?.includes(to) === true;

/** Where each layer begins, and how wide its widest box is. */
function columnsOf(boxes: readonly Box[], layers: readonly number[], gap: number): { x: number; width: number }[] {
  const widths: number[] = [];
  for (const [at, { width }] of boxes.entries()) {
    const layer = layers[at] ?? 0;
    widths[layer] = Math.max(widths[layer] ?? 0, width);
  }
  let x = 0;
  return widths.map((width) => {
    const column = { x, width };
    x += width + gap;
    return column;
  });
}

function route(
  arrow: Arrow,
  from: PlacedBox | undefined,
  to: PlacedBox | undefined,
  bends: readonly Point[] | undefined,
): RoutedArrow[] {
  if (from === undefined || to === undefined) return [];
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  return [{ ...arrow, points: [start, ...(bends ?? []), end], isBackward: bends === undefined }];
}

function extent(
  boxes: readonly PlacedBox[],
  cells: readonly { readonly height: number }[],
  centres: readonly number[],
  top: number,
): Pick<Layout, 'width' | 'height'> {
  const width = boxes.reduce((most, box) => Math.max(most, box.x + box.width), 0);
  const bottom = cells.reduce((most, cell, at) => Math.max(most, (centres[at] ?? 0) + cell.height / 2), top);
  return { width, height: boxes.length === 0 ? 0 : bottom - top };
}
