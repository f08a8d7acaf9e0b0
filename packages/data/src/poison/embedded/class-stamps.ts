import { regularisedBeta } from '@holdfast/statistics/beta';
import { isOtherwiseAlike } from './otherwise-alike.ts';
import { carriersOf, countedItems, itemsOf, type PixelItem } from './pixel-items.ts';

/** What stamps are looked for in. Labels are -1 where a row was taken out. */
export interface StampSearch {
  readonly values: Float32Array;
  readonly pixels: number;
  readonly width: number;
  readonly height: number;
  readonly labels: Int32Array;
  readonly classes: number;
  /** The chance of a stamp that the other classes have as well. */
  readonly alpha: number;
  readonly seed: string;
  readonly signal: AbortSignal;
}

/** Pixels that some pictures of a class have in common, and nothing else. */
export interface ClassStamp {
  readonly label: number;
  readonly items: readonly PixelItem[];
  /** Rows of the class that carry it. */
  readonly rows: readonly number[];
  /** That chance gives the class so many, adjusted for all pairs of items. */
  readonly p: number;
}

/** Fewer rows may have pixels in common by chance. */
const fewest = 10;
/** What more of a class carry is what it is like. */
const mostOfClass = 0.8;
/** What more rows carry is background. */
const mostCarriers = 0.4;
/** Pixels of a stamp come together or not at all; strokes of a pen end in one place or another. */
const together = 0.95;
/** Pixels of a stamp, at least. */
const fewestPixels = 3;
/** Items of a class that pairs are made of, the most lifted first. */
const mostItems = 150;
/**
 * Stamps on pictures that keep their label: three pixels or more, each of one value, that are on the same rows of one class, hardly on
 * any of the others, and on rows that are otherwise like any of their class. What a class has by nature fails at one of these: strokes do
 * not all end alike, and pictures that have one are alike in the rest. The first is by the exact binomial test, Bonferroni over all pairs
 * of items; the others are limits, which no clean picture that was looked at comes near to at once.
 */
export async function classStamps(search: StampSearch): Promise<ClassStamp[]> {
  const items = liftedItems(search);
  const found: ClassStamp[] = [];
  for (const [label, own] of items.entries()) {
    await new Promise(setImmediate);
    search.signal.throwIfAborted();
    const rows = Uint32Array.from(search.labels.keys()).filter((row) => search.labels[row] === label);
    const isTaken = new Set<number>();
    for (const stamp of stampsOf(search, label, rows, own)) {
      if (stamp.rows.some((row) => isTaken.has(row)) || !isOtherwiseAlike(search, stamp, rows)) continue;
      for (const row of stamp.rows) isTaken.add(row);
      found.push(stamp);
    }
  }
  return found;
}

interface Lifted {
  readonly item: PixelItem;
  readonly count: number;
  readonly logP: number;
}

/** For each class, items that it has more often than others, the most lifted first. */
function liftedItems({ values, pixels, labels, classes }: StampSearch): Lifted[][] {
  const sizes = new Uint32Array(classes);
  for (const label of labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const lifted: Lifted[][] = Array.from({ length: classes }, () => []);
  for (const { counts, ...item } of countedItems(values, pixels, labels, classes)) {
    const carriers = counts.reduce((sum, count) => sum + count, 0);
    if (carriers > mostCarriers * all) continue;
    for (const [label, count] of counts.entries()) {
      const size = sizes[label] ?? 0;
      if (count < fewest || count > mostOfClass * size) continue;
      const rate = (carriers - count + 1) / (all - size + 2);
      if (count / size > 2 * rate)
        lifted[label]?.push({ item, count, logP: (count - size * rate) / Math.sqrt(size * rate) });
    }
  }
  return lifted.map((each) => each.sort((one, other) => other.logP - one.logP).slice(0, mostItems));
}

/**
 * What pairs of items grow into: all items that nearly every row with both has. None of them is missing where the others are. Those of
 * most items first.
 */
function stampsOf(search: StampSearch, label: number, rows: Uint32Array, lifted: readonly Lifted[]): ClassStamp[] {
  const sets = lifted.map(({ item }) => rowSet(rows, carriersOf(search.values, search.pixels, item)));
  const stamps = new Map<string, ClassStamp>();
  const tried = new Set<string>();
  for (const [at, one] of sets.entries()) {
    for (let other = 0; other < at; other += 1) {
      if (lifted[at]?.item.pixel === lifted[other]?.item.pixel) continue;
      const both = one.map((word, place) => word & (sets[other]?.[place] ?? 0));
      const size = sizeOf(both);
      if (size < fewest) continue;
      const places = grown(lifted, sets, both, size);
      const key = places.join();
      if (places.length < fewestPixels || tried.has(key)) continue;
      tried.add(key);
      if (!areTogether(places.flatMap((place) => (sets[place] === undefined ? [] : [sets[place]])))) continue;
      const stamp = stampOf(
        search,
        label,
        rows,
        places.flatMap((place) => lifted[place]?.item ?? []),
      );
      if (stamp !== undefined) stamps.set(key, stamp);
    }
  }
  return [...stamps.values()].sort((one, other) => other.items.length - one.items.length || one.p - other.p);
}

/** Items that nearly all of some rows have, of each pixel the most lifted one. */
function grown(lifted: readonly Lifted[], sets: readonly Uint32Array[], rows: Uint32Array, size: number): number[] {
  const pixels = new Set<number>();
  return [...sets.keys()].filter((place) => {
    const { pixel } = lifted[place]?.item ?? { pixel: -1 };
    if (pixels.has(pixel) || sizeOf(rows, sets[place]) < together * size) return false;
    pixels.add(pixel);
    return true;
  });
}

/** Whether rows that have all items but one nearly always have that one, too, whichever it is. */
function areTogether(sets: readonly Uint32Array[]): boolean {
  const [first = new Uint32Array()] = sets;
  const without = (left: number): Uint32Array =>
    first.map((_, word) => sets.reduce((all, set, at) => (at === left ? all : all & (set[word] ?? 0)), -1));
  const all = sizeOf(without(-1));
  return all >= fewest && sets.every((_, left) => all >= together * sizeOf(without(left)));
}

/** Which of some rows are marked, a bit each. */
function rowSet(rows: Uint32Array, marks: Uint8Array): Uint32Array {
  const set = new Uint32Array(Math.ceil(rows.length / 32));
  for (const [at, row] of rows.entries()) if (marks[row] === 1) set[at >>> 5] = (set[at >>> 5] ?? 0) | (1 << (at & 31));
  return set;
}

/** Rows of a set, or of two. */
function sizeOf(set: Uint32Array, other?: Uint32Array): number {
  let sum = 0;
  for (let at = 0; at < set.length; at += 1) {
    let bits = (set[at] as number) & (other === undefined ? -1 : (other[at] as number));
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    sum += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}

function stampOf(
  { values, pixels, labels, alpha }: StampSearch,
  label: number,
  own: Uint32Array,
  items: readonly PixelItem[],
): ClassStamp | undefined {
  const has = items.map((item) => carriersOf(values, pixels, item));
  const isCarrier = (row: number): boolean => has.reduce((sum, each) => sum + (each[row] ?? 0), 0) >= items.length - 1;
  const rows = [...own].filter(isCarrier);
  const others = labels.reduce((sum, each) => sum + Number(each >= 0 && each !== label), 0);
  const elsewhere = labels.reduce((sum, each, row) => sum + Number(each >= 0 && each !== label && isCarrier(row)), 0);
  const tests = (itemsOf(pixels) ** 2 / 2) * (new Set(labels).size - Number(labels.includes(-1)));
  const rate = (elsewhere + 1) / (others + 2);
  if (rows.length < fewest) return undefined;
  const p = regularisedBeta(rate, rows.length, own.length - rows.length + 1) * tests;
  return p < alpha ? { label, items, rows, p } : undefined;
}
