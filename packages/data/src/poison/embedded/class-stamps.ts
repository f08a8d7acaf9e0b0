import { randomOf } from '@holdfast/statistics';
import { regularisedBeta } from '@holdfast/statistics/beta';
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
/** Items of a class that are compared with each other, the most lifted first. */
const mostItems = 600;
/** Neighbours among which carriers are counted, and how much more of them there may be than by chance. */
const k = 7;
const mostRatio = 1.75;
const mostDeviations = 4;
const deals = 100;
/** Rows of a class that are compared with each other. */
const mostRows = 1500;
/** How much of a picture is to be seen when the stamp is covered. */
const leastKept = 0.5;

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
      if (count / size > 2 * rate) lifted[label]?.push({ item, count, logP: (count - size * rate) / Math.sqrt(size * rate) });
    }
  }
  return lifted.map((each) => each.sort((one, other) => other.logP - one.logP).slice(0, mostItems));
}

/** Groups of items that are on the same rows, those of most items first. */
function stampsOf(search: StampSearch, label: number, rows: Uint32Array, lifted: readonly Lifted[]): ClassStamp[] {
  const carriers = lifted.map(({ item }) => carriersOf(search.values, search.pixels, item));
  const own = carriers.map((has) => rows.filter((row) => has[row] === 1));
  const stamps: ClassStamp[] = [];
  const isUsed = new Uint8Array(lifted.length);
  for (const [at, seed] of own.entries()) {
    if (isUsed[at] === 1) continue;
    const pixels = new Map<number, number>();
    for (const [place, other] of own.entries()) {
      const pixel = lifted[place]?.item.pixel ?? -1;
      if (!pixels.has(pixel) && isTogether(seed, other, carriers[place])) pixels.set(pixel, place);
    }
    if (pixels.size < fewestPixels) continue;
    for (const place of pixels.values()) isUsed[place] = 1;
    const items = [...pixels.values()].flatMap((place) => lifted[place]?.item ?? []);
    const stamp = stampOf(search, label, rows, items);
    if (stamp !== undefined) stamps.push(stamp);
  }
  return stamps.sort((one, other) => other.items.length - one.items.length);
}

/** Of the rows that carry one or the other, nearly all carry both. */
function isTogether(rows: Uint32Array, others: Uint32Array, has: Uint8Array | undefined): boolean {
  if (Math.min(rows.length, others.length) < together * Math.max(rows.length, others.length)) return false;
  const both = rows.reduce((sum, row) => sum + (has?.[row] ?? 0), 0);
  return both >= together * (rows.length + others.length - both);
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

/** Whether carriers are, with the stamp covered, no nearer to each other than to the rest of their class. */
function isOtherwiseAlike(search: StampSearch, { label, items, rows: carriers }: ClassStamp, own: Uint32Array): boolean {
  const kept = uncovered(search, items);
  if (kept.length < leastKept * search.pixels) return false;
  const random = randomOf(search.seed).fork(`stamp ${label}`);
  const all = own.length <= mostRows ? own : random.shuffle(own.slice()).slice(0, mostRows);
  const has = new Set(carriers);
  const isCarrier = Uint8Array.from(all, (row) => Number(has.has(row)));
  const nearest = nearestWithin(search, all, kept);
  const count = (marks: Uint8Array): number => {
    let sum = 0;
    for (const [at, other] of nearest.entries()) sum += (marks[Math.floor(at / k)] ?? 0) * (marks[other] ?? 0);
    return sum;
  };
  const found = count(isCarrier);
  let [first, second] = [0, 0];
  for (let deal = 0; deal < deals; deal += 1) {
    const dealt = count(random.shuffle(isCarrier.slice()));
    first += dealt / deals;
    second += dealt ** 2 / deals;
  }
  const deviation = Math.sqrt(Math.max(1, second - first ** 2));
  return found <= mostRatio * first && found - first <= mostDeviations * deviation;
}

/** Pixels that are neither of the items nor next to one, in any channel. */
function uncovered({ pixels, width, height }: StampSearch, items: readonly PixelItem[]): Uint32Array {
  const size = width * height;
  const covered = new Set<number>();
  for (const { pixel } of items) {
    const [row, column] = [Math.floor((pixel % size) / width), pixel % width];
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y += 1)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x += 1) covered.add(y * width + x);
  }
  return Uint32Array.from({ length: pixels }, (_, pixel) => pixel).filter((pixel) => !covered.has(pixel % size));
}

/** The k nearest of each of some rows among them, as places in them. */
function nearestWithin({ values, pixels }: StampSearch, rows: Uint32Array, kept: Uint32Array): Uint32Array {
  const nearest = new Uint32Array(rows.length * k);
  for (const [at, row] of rows.entries()) {
    const distances = Float64Array.from(rows, (other) => {
      let sum = 0;
      for (const pixel of kept) {
        sum += ((values[row * pixels + pixel] as number) - (values[other * pixels + pixel] as number)) ** 2;
      }
      return sum;
    });
    distances[at] = Number.POSITIVE_INFINITY;
    const order = [...distances.keys()].sort((one, other) => (distances[one] ?? 0) - (distances[other] ?? 0));
    nearest.set(order.slice(0, k), at * k);
  }
  return nearest;
}
