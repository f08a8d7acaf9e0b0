import { type Hierarchy, hierarchyOf, type Label, type LabelledLevel, refuse, root } from './hierarchy.ts';

/** A missing value, an infinite one, or one that is no number is in no interval. */
function numberOf(value: Label): number | undefined {
  const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Half open, as ARX writes them: `[20, 30[`; what is in none keeps its text. */
function intervalLabel(value: Label, edges: readonly number[]): Label {
  const number = numberOf(value);
  if (number === undefined) return value;
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  const [from, to] = [edges[low - 1], edges[low]];
  if (from === undefined) return to === undefined ? root : `< ${to}`;
  return to === undefined ? `>= ${from}` : `[${from}, ${to}[`;
}

const all = (values: readonly Label[]): LabelledLevel => ({ name: 'all one', labels: values.map(() => root) });

/**
 * Intervals between declared edges, the finest first; below the first edge and from the last on there is one interval each. The edges
 * of a level are among those of the level below.
 *
 * @throws DataError HF_DATA_HIERARCHY
 */
export function edgedHierarchy(
  column: string,
  values: readonly Label[],
  levels: readonly (readonly number[])[],
): Hierarchy {
  for (const [at, edges] of levels.entries()) {
    const below = levels[at - 1];
    if (edges.some((edge, index) => index > 0 && edge <= (edges[index - 1] ?? 0))) {
      refuse(column, `has edges that do not ascend (level ${at + 1})`);
    }
    if (below !== undefined && edges.some((edge) => !below.includes(edge))) {
      refuse(column, `has an edge that the level below does not have (level ${at + 1})`);
    }
  }
  const above = levels.map((edges) => ({
    name: `${edges.length + 1} intervals`,
    labels: values.map((value) => intervalLabel(value, edges)),
  }));
  return hierarchyOf(column, values, [...above, all(values)]);
}

/**
 * Intervals of equal widths that begin at `from`, the finest first; each width is a multiple of the one before.
 *
 * @throws DataError HF_DATA_HIERARCHY
 */
export function widthHierarchy(
  column: string,
  values: readonly Label[],
  widths: readonly number[],
  from: number,
): Hierarchy {
  if (widths.some((width, at) => at > 0 && !isMultiple(width, widths[at - 1] ?? width))) {
    refuse(column, 'has a width that is no multiple of the one before it');
  }
  const above = widths.map((width) => ({
    name: `intervals of ${width}`,
    labels: values.map((value) => {
      const number = numberOf(value);
      if (number === undefined) return value;
      const at = Math.floor((number - from) / width);
      return `[${rounded(from + at * width)}, ${rounded(from + (at + 1) * width)}[`;
    }),
  }));
  return hierarchyOf(column, values, [...above, all(values)]);
}

const isMultiple = (width: number, finer: number): boolean => {
  const times = width / finer;
  return times >= 1 && Math.abs(times - Math.round(times)) < 1e-9;
};

/** Without the last digits of a sum such as 0.1 + 0.2. */
const rounded = (value: number): number => Number(value.toPrecision(12));

/** The finite numbers of some values, each as often as rows have it, told by `counts`. */
function binEdges(
  values: readonly Label[],
  counts: Float64Array,
  bins: number,
  kind: 'quantiles' | 'equal',
): readonly number[] {
  const numbers = values
    .map((value, at) => ({ number: numberOf(value), rows: counts[at] ?? 0 }))
    .filter((each): each is { number: number; rows: number } => each.number !== undefined)
    .sort((one, other) => one.number - other.number);
  const [first, last] = [numbers[0]?.number, numbers.at(-1)?.number];
  if (first === undefined || last === undefined || first === last) return [];
  if (kind === 'equal') {
    return Array.from({ length: bins - 1 }, (_, at) => rounded(first + ((at + 1) * (last - first)) / bins));
  }
  const total = numbers.reduce((sum, { rows }) => sum + rows, 0);
  const edges: number[] = [];
  let [before, reached] = [0, 0];
  for (const { number, rows } of numbers) {
    // The first value at or after each quantile begins an interval.
    const bin = Math.floor((before * bins) / total);
    if (bin > reached) edges.push(number);
    reached = bin;
    before += rows;
  }
  return edges;
}

/** Bins of about as many rows (or of one width), joined two by two on each level. */
export function binHierarchy(
  column: string,
  values: readonly Label[],
  counts: Float64Array,
  { bins, kind }: { readonly bins: number; readonly kind: 'quantiles' | 'equal' },
): Hierarchy {
  const levels: (readonly number[])[] = [];
  for (
    let edges = binEdges(values, counts, bins, kind);
    edges.length > 0;
    edges = edges.filter((_, at) => at % 2 === 1)
  ) {
    levels.push(edges);
  }
  return edgedHierarchy(column, values, levels);
}
