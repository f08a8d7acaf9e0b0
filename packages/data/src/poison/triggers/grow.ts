import { logHypergeometricTail } from '@holdfast/statistics/hypergeometric';
import { type PairSearch, viewOf } from './crowded-pairs.ts';
import { fewest } from './item-columns.ts';
import type { PairCell } from './pair-cells.ts';

/** Rows of one class that have an item in each of some columns. */
export interface Group {
  readonly label: number;
  readonly rows: Uint32Array;
  readonly parts: readonly GroupPart[];
}

export interface GroupPart {
  readonly column: number;
  /** 1 where a row, of any class, has the item. */
  readonly has: Uint8Array;
  /** Items of the column that it was chosen from. */
  readonly tried: number;
}

/** How much of a group has to share a further item for it to belong to the trigger. */
const nearlyAll = 0.8;
/** Columns that a trigger has at most: rows that have more in common are like each other by nature. */
export const mostParts = 4;
/** Surprise, in nats, from which on an item that all rows of a group share is no accident of that column alone: p = 0.05. */
const leastShared = Math.log(20);

export function groupOf(search: PairSearch, cell: PairCell, isLeftOut: Uint8Array): Group {
  const { one, other } = viewOf(search, cell);
  const has = [one, other].map(({ items }, at) => Uint8Array.from(items, (item) => Number(item === cell.items[at])));
  const parts = cell.columns.map((column, at) => ({
    ...{ column, has: has[at] ?? new Uint8Array() },
    tried: (search.divided[column] ?? []).reduce((sum, { count }) => sum + count, 0),
  }));
  return { label: cell.label, parts, rows: rowsWith(search, cell.label, parts, isLeftOut) };
}

/** Rows of a class that have all parts, those left out aside. */
export function rowsWith(
  { labels }: Pick<PairSearch, 'labels'>,
  label: number,
  parts: readonly GroupPart[],
  isLeftOut?: Uint8Array,
): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row += 1) {
    if (labels[row] !== label || isLeftOut?.[row] === 1) continue;
    if (parts.every(({ has }) => has[row] === 1)) rows.push(row);
  }
  return Uint32Array.from(rows);
}

/** Takes in further columns of which nearly all rows of the group have one item, as no chance would have it. */
export function grown(search: PairSearch, group: Group, isLeftOut: Uint8Array, alpha: number): Group {
  let current: Group = group;
  while (current.parts.length <= mostParts) {
    const taken = new Set(current.parts.map(({ column }) => column));
    const found = [...search.columns.keys()]
      .filter((column) => !taken.has(column))
      .map((column) => bestItem(search, current, column, isLeftOut))
      .filter((part) => part !== undefined)
      .reduce<Found | undefined>((best, part) => ((best?.surprise ?? 0) < part.surprise ? part : best), undefined);
    if (found === undefined) return current;
    const beyond = found.surprise - Math.log(search.columns.length * found.tried);
    if (beyond < Math.log(1 / alpha) && !(found.isShared && found.surprise > leastShared)) return current;
    const parts = [...current.parts, { column: found.column, has: found.has, tried: found.tried }];
    const rows = rowsWith(search, current.label, parts, isLeftOut);
    current = { ...current, parts, rows };
  }
  return current;
}

interface Found extends GroupPart {
  /** Whether all rows of the group have it. */
  readonly isShared: boolean;
  readonly surprise: number;
}

/** The item of a column that most of the group's rows have, beyond chance. */
function bestItem(
  search: PairSearch,
  { label, rows }: Group,
  column: number,
  isLeftOut: Uint8Array,
): Found | undefined {
  let best: { item: number; view: number; surprise: number; shared: number } | undefined;
  let tried = 0;
  for (const [view, { items, count }] of (search.divided[column] ?? []).entries()) {
    tried += count;
    const within = new Uint32Array(count);
    for (const row of rows) if ((items[row] as number) >= 0) (within[items[row] as number] as number) += 1;
    for (const [item, shared] of within.entries()) {
      if (shared < Math.max(fewest, nearlyAll * rows.length)) continue;
      const surprise = leastSurprise(search, { label, rows }, items, item, shared, isLeftOut);
      if (surprise > (best?.surprise ?? 0)) best = { item, view, surprise, shared };
    }
  }
  if (best === undefined) return undefined;
  const { item, view, surprise, shared } = best;
  const items = search.divided[column]?.[view]?.items ?? new Int16Array();
  return {
    column,
    has: Uint8Array.from(items, (each) => Number(each === item)),
    surprise,
    tried,
    isShared: shared === rows.length,
  };
}

/**
 * Against the rest of the group's own class, and against the other classes: rows whose labels were changed have in common what those they
 * were taken from have.
 */
function leastSurprise(
  search: PairSearch,
  { label, rows }: Pick<Group, 'label' | 'rows'>,
  items: Int16Array,
  item: number,
  shared: number,
  isLeftOut: Uint8Array,
): number {
  let [own, others, size] = [0, 0, 0];
  for (let row = 0; row < items.length; row += 1) {
    if (isLeftOut[row] === 1) continue;
    const isItem = Number(items[row] === item);
    if (search.labels[row] === label) own += isItem;
    else {
      others += isItem;
      size += 1;
    }
  }
  return Math.min(
    -logHypergeometricTail(shared, search.sizes[label] ?? 0, rows.length, own),
    -logHypergeometricTail(shared, size + rows.length, rows.length, others + shared),
  );
}
