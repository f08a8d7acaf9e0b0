import { randomOf } from '@holdfast/statistics';

/** Neighbours that are known of each row: enough that some are left when rows that carry something have no say. */
const known = 80;
/** Neighbours that have a say. */
const k = 7;
/** Rows that neighbours are looked for among. */
const mostAmong = 4000;
/** Multiplications that the search may take: some ten seconds. */
const mostWork = 2e10;

/** The nearest labelled rows of each row, the nearest first; rows × known, -1 where there are fewer. */
export interface Nearest {
  readonly rows: Int32Array;
}

interface Points {
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: Int32Array;
  readonly seed: string;
  readonly signal: AbortSignal;
}

/** Nothing where there are too many rows and pixels to be compared. */
export async function nearestOf({ values, width, labels, seed, signal }: Points): Promise<Nearest | undefined> {
  const all = Uint32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  const among = all.length <= mostAmong ? all : randomOf(seed).fork('content').shuffle(all).slice(0, mostAmong).sort();
  if (labels.length * among.length * width > mostWork) return undefined;
  const rows = new Int32Array(labels.length * known).fill(-1);
  const nearest = new Float32Array(known);
  for (let row = 0; row < labels.length; row += 1) {
    if (row % 256 === 0) {
      await new Promise(setImmediate);
      signal.throwIfAborted();
    }
    nearest.fill(Number.POSITIVE_INFINITY);
    for (const other of among) {
      if (other === row) continue;
      const distance = distanceWithin(values, width, [row, other], nearest[known - 1] as number);
      if (distance < (nearest[known - 1] as number)) insert(nearest, rows, row * known, distance, other);
    }
  }
  return { rows };
}

/** The squared distance of two rows, or anything beyond the bound. */
function distanceWithin(values: Float32Array, width: number, [row, other]: [number, number], bound: number): number {
  let distance = 0;
  const [one, two] = [row * width, other * width];
  for (let at = 0; at < width && distance < bound; at += 1) {
    const difference = (values[one + at] as number) - (values[two + at] as number);
    distance += difference * difference;
  }
  return distance;
}

function insert(nearest: Float32Array, rows: Int32Array, from: number, distance: number, other: number): void {
  let at = known - 1;
  for (; at > 0 && (nearest[at - 1] as number) > distance; at -= 1) {
    nearest[at] = nearest[at - 1] as number;
    rows[from + at] = rows[from + at - 1] as number;
  }
  nearest[at] = distance;
  rows[from + at] = other;
}

/**
 * The class that a row looks like: that of most of its nearest rows (E. Fix and J. Hodges, 1951), the nearer one where two are equal.
 * Rows that carry what is looked at have no say, so that planted rows do not vouch for each other. -1 where too few are left.
 */
export function contentOf({ rows }: Nearest, labels: Int32Array, row: number, hasNoSay: Uint8Array): number {
  const votes = new Map<number, number>();
  let given = 0;
  for (let at = 0; at < known && given < k; at += 1) {
    const other = rows[row * known + at] as number;
    if (other < 0) break;
    if (hasNoSay[other] === 1) continue;
    const label = labels[other] as number;
    votes.set(label, (votes.get(label) ?? 0) + 1 + 0.01 / (1 + given));
    given += 1;
  }
  if (given < k) return -1;
  let best = -1;
  for (const [label, count] of votes) if (count > (votes.get(best) ?? 0)) best = label;
  return best;
}
