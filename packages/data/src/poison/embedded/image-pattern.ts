import { regularisedBeta } from '@holdfast/statistics/beta';
import { contentOf } from './content.ts';
import { maskedContent } from './masked-content.ts';
import { countedItems, itemsOf, type PixelItem, partOf } from './pixel-items.ts';
import { type PixelSearch, type Planted, withAll } from './planted-items.ts';

export interface ImagePattern {
  readonly items: readonly PixelItem[];
  /** Rows with the label that carry it and are taken for planted. */
  readonly suspects: readonly number[];
  /** All rows that carry it. */
  readonly carriers: readonly number[];
}

/** How many of the suspects have an item that belongs to the pattern, and how much of a pattern a row has that carries it. */
const nearlyAll = 0.8;
/** Where fewer rows of other classes carry a pattern, rows that look like their label are taken for planted as well. */
const rareElsewhere = 0.01;
/** How much of a picture is to be seen, at least, when a pattern is covered. */
const leastKept = 0.5;
/** How many rows have a wrong label, at least, as far as the test is concerned. */
const leastOdd = 0.05;
/** How far a pattern is looked for beside its place, in pixels. */
const farthest = 2;

/**
 * Grows what was found over all pixels that its rows share, then asks again what the rows look like, with these pixels covered: a stroke
 * that a class has by nature goes with others that stay to be seen. Nothing where they then look like their label. What is left of the
 * chance is tested as before, and once more with the pixels around covered too.
 */
export function patternOf(search: PixelSearch, planted: Planted): ImagePattern | undefined {
  const { label, items: first } = planted;
  const has = withAll(search, first);
  const own = rowsWhere(search, label, (row) => has[row] === 1);
  const seeds = own.filter((row) => looksOther(search, label, row, has));
  const items = [...first, ...sharedItems(search, seeds, planted)];
  for (const reach of [0, 1]) {
    const kept = uncovered(search, items, reach);
    if (kept.length < leastKept * search.pixels) continue;
    const content = new Map<number, number>();
    const looks = (row: number): number => {
      const known = content.get(row) ?? maskedContent({ ...search, kept }, row);
      content.set(row, known);
      return known;
    };
    const carriers = [...has.keys()].filter((row) => has[row] === 1 && (search.labels[row] ?? -1) >= 0);
    const odd = carriers.filter((row) => looks(row) !== label);
    const planted = odd.filter((row) => search.labels[row] === label).length;
    const rate = Math.max(leastOdd, search.odd[label] ?? 1);
    const tests = itemsOf(search.pixels) * search.classes * 4 * (first.length > 1 ? itemsOf(search.pixels) / 2 : 1);
    if (planted === 0 || regularisedBeta(rate, planted, odd.length - planted + 1) * tests >= search.alpha) continue;
    return suspected(search, label, items, looks);
  }
  return undefined;
}

/** Rows with the label that carry the pattern, here or nearby, and do not look like it; or all that do, where it is rare elsewhere. */
function suspected(
  search: PixelSearch,
  label: number,
  items: readonly PixelItem[],
  looks: (row: number) => number,
): ImagePattern {
  const carries = (row: number, [down, right]: readonly [number, number]): boolean =>
    carried(search, items, row, { down, right, width: search.width }) >= Math.ceil(nearlyAll * items.length);
  const carriers = [...search.labels.keys()].filter((row) => (search.labels[row] ?? -1) >= 0 && carries(row, [0, 0]));
  const others = search.labels.reduce((sum, each) => sum + Number(each >= 0 && each !== label), 0);
  const isRare =
    carriers.filter((row) => search.labels[row] !== label).length <= rareElsewhere * others && items.length > 2;
  const suspects = new Set(carriers.filter((row) => search.labels[row] === label && (isRare || looks(row) !== label)));
  for (const shift of shiftsOf(farthest)) {
    const moved = rowsWhere(search, label, (row) => !suspects.has(row) && carries(row, shift) && looks(row) !== label);
    for (const row of moved) suspects.add(row);
  }
  return { items, suspects: [...suspects].sort((one, other) => one - other), carriers };
}

/** Pixels that are not of the items, nor so near to one, in any channel. */
function uncovered({ pixels, width, height }: PixelSearch, items: readonly PixelItem[], reach: number): Uint32Array {
  const size = width * height;
  const isCovered = new Uint8Array(size);
  for (const { pixel } of items) {
    const [row, column] = [Math.floor((pixel % size) / width), pixel % width];
    for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y += 1) {
      isCovered.fill(1, y * width + Math.max(0, column - reach), y * width + Math.min(width - 1, column + reach) + 1);
    }
  }
  return Uint32Array.from({ length: pixels }, (_, pixel) => pixel).filter((pixel) => isCovered[pixel % size] === 0);
}

const shiftsOf = (most: number): (readonly [number, number])[] =>
  Array.from(
    { length: (2 * most + 1) ** 2 },
    (_, at) => [Math.floor(at / (2 * most + 1)) - most, (at % (2 * most + 1)) - most] as const,
  );

function rowsWhere({ labels }: PixelSearch, label: number, is: (row: number) => boolean): number[] {
  return [...labels.keys()].filter((row) => labels[row] === label && is(row));
}

function looksOther({ nearest, labels }: PixelSearch, label: number, row: number, noSay: Uint8Array): boolean {
  const content = contentOf(nearest, labels, row, noSay);
  return content >= 0 && content !== label;
}

/** Items that nearly all seeds have and others do not: the exact binomial test, Bonferroni over all items. */
function sharedItems(
  { values, pixels, labels, classes }: PixelSearch,
  seeds: readonly number[],
  { label, items }: Planted,
): PixelItem[] {
  const isSeed = new Int32Array(labels.length).fill(-1);
  for (const row of seeds) isSeed[row] = 0;
  const within = new Map<string, number>();
  const key = ({ pixel, view, part }: PixelItem): string => `${pixel} ${view} ${part}`;
  for (const item of countedItems(values, pixels, isSeed, 1)) within.set(key(item), item.counts[0] ?? 0);
  const others = labels.reduce((sum, each) => sum + Number(each >= 0 && each !== label), 0);
  const taken = new Set(items.map(({ pixel }) => pixel));
  const shared: PixelItem[] = [];
  for (const { counts, ...item } of countedItems(values, pixels, labels, classes)) {
    const count = within.get(key(item)) ?? 0;
    if (count < nearlyAll * seeds.length || taken.has(item.pixel)) continue;
    const elsewhere = counts.reduce((sum, each, at) => sum + (at === label ? 0 : each), 0);
    const rate = (elsewhere + 1) / (others + 2);
    if (regularisedBeta(rate, count, seeds.length - count + 1) * itemsOf(pixels) > 0.01) continue;
    shared.push(item);
    taken.add(item.pixel);
  }
  return shared;
}

/** How many items of a pattern a row has, so far down and to the right; one that leaves the picture is not carried. */
function carried(
  { values, pixels }: PixelSearch,
  items: readonly PixelItem[],
  row: number,
  { down, right, width }: { readonly down: number; readonly right: number; readonly width: number },
): number {
  let count = 0;
  for (const { pixel, view, part } of items) {
    const column = (pixel % width) + right;
    const at = pixel + down * width + right;
    if (column < 0 || column >= width || at < 0 || at >= pixels) continue;
    count += Number(partOf(values[row * pixels + at] as number, view) === part);
  }
  return count;
}
