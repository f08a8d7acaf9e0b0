import type { Figure } from '@holdfast/evidence/check';

const schema = 'https://vega.github.io/schema/vega-lite/v6.json';
const bounds = [1, 2, 3, 5, 10, 20, 50, 100, 1000, 10_000] as const;

/** How many rows are in classes of which size, before and after. */
export function classFigure(before: ArrayLike<number>, after: ArrayLike<number>): Figure {
  const values = [
    ...inBins(before).map((rows, at) => ({ table: 'before', size: labelOf(at), rows })),
    ...inBins(after).map((rows, at) => ({ table: 'after', size: labelOf(at), rows })),
  ];
  const encoding = {
    x: { field: 'size', type: 'ordinal', sort: null, title: 'rows that are alike' },
    y: { field: 'rows', type: 'quantitative', title: 'rows' },
    xOffset: { field: 'table', sort: null },
    color: { field: 'table', type: 'nominal', sort: null, title: null },
  };
  return { title: 'Sizes of classes', specification: { $schema: schema, data: { values }, mark: 'bar', encoding } };
}

function labelOf(at: number): string {
  const [from, to] = [bounds[at] ?? 1, bounds[at + 1]];
  if (to === undefined) return `${from} or more`;
  return to === from + 1 ? String(from) : `${from}–${to - 1}`;
}

function inBins(sizes: ArrayLike<number>): number[] {
  const rows = bounds.map(() => 0);
  for (let id = 0; id < sizes.length; id += 1) {
    const size = sizes[id] ?? 0;
    const at = bounds.findLastIndex((bound) => bound <= size);
    if (at >= 0) rows[at] = (rows[at] ?? 0) + size;
  }
  return rows;
}
