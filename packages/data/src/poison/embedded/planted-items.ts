import { regularisedBeta } from '@holdfast/statistics/beta';
import { contentOf, type Nearest } from './content.ts';
import { carriersOf, countedItems, itemsOf, type PixelItem } from './pixel-items.ts';

/** What planted pixels are searched in. Labels are -1 where a row was taken out: it has no say either. */
export interface PixelSearch {
  readonly values: Float32Array;
  readonly pixels: number;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly nearest: Nearest;
  /** The most that rows which look like one class have another label, by that label: what is in the data without any trigger. */
  readonly odd: Float64Array;
  /** Rows that have a say in what a picture looks like. */
  readonly among: Uint32Array;
  /** Of a picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly alpha: number;
  readonly signal: AbortSignal;
}

/** One or two items that go with a label which the rows do not look like. */
export interface Planted {
  readonly label: number;
  readonly items: readonly PixelItem[];
  /** Adjusted for all that were tried. */
  readonly p: number;
}

/** Fewer rows are no trigger that could be told from chance. */
const fewest = 5;
/** What more rows carry is background. */
const mostCarriers = 0.4;
/** Of what is found, how many are given, of each kind. */
const mostTried = 40;
/** Items by class that pairs are made of. */
const paired = 16;
/** Items, the most lifted first, that are looked at closely. */
const mostItems = 4000;

/** For each class, the most that the rows that look like another one are given this label. */
export function oddLabels(labels: Int32Array, classes: number, nearest: Nearest): Float64Array {
  const counts = Array.from({ length: classes }, () => new Uint32Array(classes));
  const all = new Uint32Array(classes);
  const nobody = new Uint8Array(labels.length);
  for (const [row, label] of labels.entries()) {
    const content = label < 0 ? -1 : contentOf(nearest, labels, row, nobody);
    const count = counts[content];
    if (count === undefined) continue;
    count[label] = (count[label] ?? 0) + 1;
    all[content] = (all[content] ?? 0) + 1;
  }
  return Float64Array.from({ length: classes }, (_, label) =>
    Math.max(
      0.02,
      ...counts.map((count, content) =>
        content === label ? 0 : ((count[label] ?? 0) + 1) / ((all[content] ?? 0) + 2),
      ),
    ),
  );
}

/**
 * Items and pairs of items that chance does not explain, the most surprising first. They may be what a class is
 * like by nature. First those that are found with carriers having a say: few rows of a trigger cannot vouch for each other.
 */
export async function plantedItems(search: PixelSearch): Promise<Planted[]> {
  const { pixels, classes } = search;
  const [singles, plain]: [Planted[], Planted[]] = [[], []];
  const nobody = new Uint8Array(search.labels.length);
  const tests = itemsOf(pixels) * classes;
  for (const [at, item] of liftedItems(search).entries()) {
    if (at % 64 === 0) {
      await new Promise(setImmediate);
      search.signal.throwIfAborted();
    }
    singles.push(...judged(search, [item]));
    plain.push(...judged(search, [item], nobody));
  }
  singles.sort((one, other) => one.p - other.p);
  const pairs: Planted[] = [];
  for (let label = 0; label < classes; label += 1) {
    search.signal.throwIfAborted();
    const own = singles.filter((each) => each.label === label).slice(0, paired);
    for (const [one, other] of pairsOf(own.flatMap(({ items }) => items))) {
      pairs.push(...judged(search, [one, other]).filter((each) => each.label === label));
    }
  }
  // Half of the chance of a false alarm is for each of the two searches.
  const adjusted = [
    ...singles.map((each) => ({ ...each, p: each.p * 2 * tests })),
    ...pairs.map((each) => ({ ...each, p: each.p * tests * itemsOf(pixels) })),
  ];
  const least = plain.map((each) => ({ ...each, p: each.p * 2 * tests }));
  const sorted = [least, adjusted].map((each) =>
    each.filter(({ p }) => p < search.alpha).sort((one, other) => one.p - other.p),
  );
  return sorted.flatMap((each) => each.slice(0, mostTried));
}

function* pairsOf(items: readonly PixelItem[]): Generator<readonly [PixelItem, PixelItem]> {
  for (const [at, one] of items.entries()) {
    for (const other of items.slice(at + 1)) if (one.pixel !== other.pixel) yield [one, other];
  }
}

/** Items that are more frequent in one class than in all, and no background. */
function liftedItems({ values, pixels, labels, classes }: PixelSearch): PixelItem[] {
  const sizes = new Uint32Array(classes);
  for (const label of labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const lifted: { item: PixelItem; lift: number }[] = [];
  for (const { counts, ...item } of countedItems(values, pixels, labels, classes)) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    if (all > mostCarriers * rows || all < fewest) continue;
    const lift = counts.reduce((most, count, label) => {
      if (count < fewest) return most;
      return Math.max(
        most,
        -Math.log(Math.max(1e-300, regularisedBeta((sizes[label] ?? 0) / rows, count, all - count + 1))),
      );
    }, 0);
    if (lift > 2) lifted.push({ item, lift });
  }
  return lifted
    .sort((one, other) => other.lift - one.lift)
    .slice(0, mostItems)
    .map(({ item }) => item);
}

/** 1 where a row has all items, or was taken out. */
export function withAll(
  { values, pixels }: Pick<PixelSearch, 'values' | 'pixels'>,
  items: readonly PixelItem[],
): Uint8Array {
  const [first, ...others] = items.map((item) => carriersOf(values, pixels, item));
  return (first ?? new Uint8Array()).map((has, row) => Number(has === 1 && others.every((other) => other[row] === 1)));
}

/**
 * The exact binomial test: of the carriers that look like another class, how many have the label, where so many have it among rows that
 * do not carry it. Not adjusted.
 */
function judged(search: PixelSearch, items: readonly PixelItem[], noSay?: Uint8Array): Planted[] {
  const { labels, nearest, classes } = search;
  const has = withAll(search, items);
  const counts = Array.from({ length: classes }, () => new Uint32Array(classes));
  let all = 0;
  for (const [row, carries] of has.entries()) {
    const label = labels[row] as number;
    if (carries === 0 || label < 0) continue;
    const content = contentOf(nearest, labels, row, noSay ?? has);
    const count = counts[content];
    if (count === undefined) continue;
    count[label] = (count[label] ?? 0) + 1;
    all += 1;
  }
  const found: Planted[] = [];
  for (let label = 0; label < classes; label += 1) {
    const own = counts[label]?.reduce((sum, count) => sum + count, 0) ?? 0;
    const odd = counts.reduce((sum, count, content) => sum + (content === label ? 0 : (count[label] ?? 0)), 0);
    if (odd < fewest) continue;
    const p = regularisedBeta(search.odd[label] ?? 1, odd, all - own - odd + 1);
    if (p < 0.05) found.push({ label, items, p });
  }
  return found;
}
