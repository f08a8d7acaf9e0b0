/** Neighbours that have a say. */
const k = 7;

/** Pictures, some of whose pixels are not looked at. */
export interface Masked {
  readonly values: Float32Array;
  readonly pixels: number;
  readonly labels: Int32Array;
  /** Rows that have a say. */
  readonly among: Uint32Array;
  /** Pixels that are looked at. */
  readonly kept: Uint32Array;
}

/** The class that a row looks like, by its nearest rows in the pixels that are looked at; -1 where there are too few rows. */
export function maskedContent({ values, pixels, labels, among, kept }: Masked, row: number): number {
  const distances = new Float32Array(k).fill(Number.POSITIVE_INFINITY);
  const rows = new Int32Array(k).fill(-1);
  const from = row * pixels;
  for (const other of among) {
    if (other === row) continue;
    const bound = distances[k - 1] as number;
    let distance = 0;
    for (let at = 0; at < kept.length && distance < bound; at += 1) {
      const pixel = kept[at] as number;
      const difference = (values[from + pixel] as number) - (values[other * pixels + pixel] as number);
      distance += difference * difference;
    }
    if (distance < bound) insert(distances, rows, distance, other);
  }
  return (rows[k - 1] as number) < 0 ? -1 : majority(Array.from(rows, (other) => labels[other] as number));
}

function insert(distances: Float32Array, rows: Int32Array, distance: number, other: number): void {
  let at = k - 1;
  for (; at > 0 && (distances[at - 1] as number) > distance; at -= 1) {
    distances[at] = distances[at - 1] as number;
    rows[at] = rows[at - 1] as number;
  }
  distances[at] = distance;
  rows[at] = other;
}

/** The most frequent one; of equals, the one that comes first. */
function majority(labels: readonly number[]): number {
  const votes = new Map<number, number>();
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  return [...votes].reduce((best, each) => (each[1] > best[1] ? each : best), [-1, 0])[0];
}
