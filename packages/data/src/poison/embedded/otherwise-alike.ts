import { randomOf } from '@holdfast/statistics';
import type { ClassStamp, StampSearch } from './class-stamps.ts';
import type { PixelItem } from './pixel-items.ts';

/** Neighbours among which carriers are counted, and how much more of them there may be than by chance. */
const k = 7;
const mostRatio = 1.75;
const mostDeviations = 4;
const deals = 100;
/** Rows of a class that are compared with each other. */
const mostRows = 1500;
/** How much of a picture is to be seen when the stamp is covered. */
const leastKept = 0.5;

/** Whether carriers are, with the stamp covered, no nearer to each other than to the rest of their class. */
export function isOtherwiseAlike(
  search: StampSearch,
  { label, items, rows: carriers }: ClassStamp,
  own: Uint32Array,
): boolean {
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
