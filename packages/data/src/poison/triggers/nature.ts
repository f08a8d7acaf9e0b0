import type { Random } from '@holdfast/statistics';
import { logHypergeometricTail } from '@holdfast/statistics/hypergeometric';
import { cellsOf, type PairSearch } from './crowded-pairs.ts';
import type { GroupPart } from './grow.ts';

/** Random orders that say what the most crowded cell is like by chance. */
const orders = 4;

/**
 * Whether two items go together in another class, too, more often than chance: then they do so by nature. The exact test of the pair in
 * each other class, Bonferroni over classes.
 */
export function areCommonElsewhere(
  { labels, classes }: PairSearch,
  [one, other]: readonly [GroupPart, GroupPart],
  { label, isLeftOut, alpha }: { readonly label: number; readonly isLeftOut: Uint8Array; readonly alpha: number },
): boolean {
  const counts = Array.from({ length: classes }, () => ({ all: 0, first: 0, second: 0, both: 0 }));
  for (let row = 0; row < labels.length; row += 1) {
    const count = counts[labels[row] as number];
    if (count === undefined || isLeftOut[row] === 1) continue;
    count.all += 1;
    count.first += one.has[row] as number;
    count.second += other.has[row] as number;
    count.both += (one.has[row] as number) & (other.has[row] as number);
  }
  return counts.some(
    ({ all, first, second, both }, at) =>
      at !== label && logHypergeometricTail(both, all, first, second) < Math.log(alpha / classes),
  );
}

/**
 * How much more the rest of two columns' cells are crowded than chance says: columns that go together by nature have many such cells, and
 * one more is no surprise. The largest surprise among rows that have neither item, over the largest of four times that the values of one
 * column are dealt anew within each class; at least 1. As B. Devlin and K. Roeder, "Genomic Control for Association Studies" (1999), deflate.
 */
export function inflation(
  search: PairSearch,
  [one, other]: readonly [GroupPart, GroupPart],
  isLeftOut: Uint8Array,
  random: Random,
): number {
  const kept = search.labels
    .map((label, row) => (label >= 0 && isLeftOut[row] === 0 && one.has[row] === 0 && other.has[row] === 0 ? row : -1))
    .filter((row) => row >= 0);
  if (kept.length < 8) return 1;
  const largest = (dealt: Int32Array): number => largestSurprise(search, [one.column, other.column], kept, dealt);
  let byChance = 0;
  for (let order = 0; order < orders; order += 1)
    byChance = Math.max(byChance, largest(dealtAnew(search, kept, random)));
  return Math.max(1, largest(kept) / Math.max(1, byChance));
}

function dealtAnew({ labels, classes }: PairSearch, kept: Int32Array, random: Random): Int32Array {
  const dealt = kept.slice();
  for (let label = 0; label < classes; label += 1) {
    const places = Int32Array.from(kept.keys()).filter((at) => labels[kept[at] ?? 0] === label);
    const rows = random.shuffle(Int32Array.from(places, (at) => kept[at] ?? 0));
    for (const [at, place] of places.entries()) dealt[place] = rows[at] ?? 0;
  }
  return dealt;
}

/** @param dealt the row that the item of the other column is taken from, for each that is kept */
function largestSurprise(
  search: PairSearch,
  [one, other]: readonly [number, number],
  kept: Int32Array,
  dealt: Int32Array,
): number {
  const labels = Int32Array.from(kept, (row) => search.labels[row] ?? -1);
  const sizes = new Uint32Array(search.classes);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const taken = (column: number, rows: Int32Array) =>
    (search.divided[column] ?? []).map(({ items, count }) => ({
      count,
      items: Int16Array.from(rows, (row) => items[row] ?? -1),
    }));
  const divided = [taken(one, kept), taken(other, dealt)];
  const { cells } = cellsOf({ ...search, labels, sizes, divided }, [0, 1], 2, new Uint8Array(kept.length));
  return cells.reduce((most, { surprise }) => Math.max(most, surprise), 0);
}
