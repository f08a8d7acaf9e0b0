import type { NumberColumn, PoisonScene, SceneColumn } from '../scene.ts';

/** Each row of a column as one of a few items: a value, an interval, or missing. -1: an item too rare to count. */
export interface ItemColumn {
  readonly items: Int16Array;
  readonly count: number;
}

/** Parts of a column of numbers; a trigger that is jittered lies in one of them, of some size. */
export const scales = [8, 16, 32, 64] as const;
export const shifts = [0, 0.5] as const;
/** Items that a column of categories has at most. */
const mostItems = 256;
/** Rows below which an item is no part of a trigger that could be told from chance. */
export const fewest = 5;

/** Intervals of equal frequency, equal values together; where the parts begin is shifted by a part of one. */
export function intervalItems(ranks: Float64Array, parts: number, shift: number): ItemColumn {
  const items = Int16Array.from(ranks, (rank) =>
    Number.isNaN(rank) ? parts + 1 : Math.floor(Math.min(rank, 1 - 1e-12) * parts + shift),
  );
  return { items, count: parts + 2 };
}

/** The levels that are frequent enough, the most frequent ones first, and what is missing. */
export function levelItems(codes: Int32Array, levels: number): ItemColumn {
  const counts = new Uint32Array(levels + 1);
  for (const code of codes) counts[code + 1] = (counts[code + 1] ?? 0) + 1;
  const kept = [...counts.keys()]
    .filter((at) => (counts[at] ?? 0) >= fewest)
    .sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0) || one - other)
    .slice(0, mostItems);
  const item = new Int16Array(levels + 1).fill(-1);
  for (const [at, level] of kept.entries()) item[level] = at;
  return { items: Int16Array.from(codes, (code) => item[code + 1] ?? -1), count: kept.length };
}

/** The values that come back often enough, told by their middle ranks: what is stamped unchanged has no margin around it. */
export function repeatedItems(ranks: Float64Array): ItemColumn {
  const values = [...new Set(ranks)].filter((rank) => !Number.isNaN(rank)).sort((one, other) => one - other);
  const codeOf = new Map(values.map((rank, code) => [rank, code]));
  return levelItems(
    Int32Array.from(ranks, (rank) => codeOf.get(rank) ?? -1),
    values.length,
  );
}

/** The middle rank of each value, from 0 to 1; NaN where it is missing. Infinite values are the least and the greatest. */
export function middleRanks({ values }: Pick<NumberColumn, 'values'>): Float64Array {
  const order = Uint32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row] ?? Number.NaN));
  order.sort((one, other) => {
    const [a, b] = [values[one] ?? 0, values[other] ?? 0];
    return a < b ? -1 : a > b ? 1 : 0;
  });
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end += 1;
    for (let at = begin; at < end; at += 1) ranks[order[at] ?? 0] = (begin + end) / 2 / order.length;
    begin = end;
  }
  return ranks;
}

/** Ranks of a column of numbers; of categories, which have none, their codes. */
export type RankedColumn =
  | { readonly kind: 'number'; readonly name: string; readonly ranks: Float64Array; readonly column: NumberColumn }
  | { readonly kind: 'category'; readonly name: string; readonly items: ItemColumn; readonly column: SceneColumn };

export function rankedColumns({ columns }: Pick<PoisonScene, 'columns'>): RankedColumn[] {
  return columns.map((column) =>
    column.kind === 'number'
      ? { kind: 'number', name: column.name, ranks: middleRanks(column), column }
      : { kind: 'category', name: column.name, items: levelItems(column.codes, column.levels), column },
  );
}
