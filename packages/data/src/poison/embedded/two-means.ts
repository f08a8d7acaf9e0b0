import type { Random } from '@holdfast/statistics';
import type { Components } from './principal-components.ts';

/** Two groups of rows. */
export interface Division {
  /** 1 for the smaller group, by row. */
  readonly isSmaller: Uint8Array;
  readonly smaller: number;
  /** Squared distances to the nearer mean, summed. */
  readonly inertia: number;
}

const starts = 12;
const mostRounds = 100;

/**
 * 2-means (S. Lloyd, 1982), the best of some starts, each from two rows drawn as k-means++ draws them (D. Arthur and S. Vassilvitskii,
 * 2007).
 *
 * @param among rows that are divided; all unless given
 */
export function twoMeans(components: Components, random: Random, among?: Uint32Array): Division {
  const rows = among ?? Uint32Array.from({ length: components.rows }, (_, row) => row);
  let best: { side: Uint8Array; inertia: number } | undefined;
  for (let start = 0; start < starts && rows.length > 1; start += 1) {
    const found = settled(components, rows, firstMeans(components, rows, random));
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  const { side = new Uint8Array(components.rows), inertia = 0 } = best ?? {};
  const ones = rows.reduce((sum, row) => sum + (side[row] ?? 0), 0);
  const small = ones * 2 <= rows.length ? 1 : 0;
  const isSmaller = new Uint8Array(components.rows);
  for (const row of rows) isSmaller[row] = Number(side[row] === small);
  return { isSmaller, smaller: small === 1 ? ones : rows.length - ones, inertia };
}

function firstMeans({ width, values }: Components, rows: Uint32Array, random: Random): [Float64Array, Float64Array] {
  const at = (row: number): Float64Array => values.slice(row * width, (row + 1) * width);
  const first = at(rows[random.integer(rows.length)] ?? 0);
  const distances = Float64Array.from(rows, (row) => squared(values, row * width, first));
  let left = random.uniform() * distances.reduce((sum, distance) => sum + distance, 0);
  const chosen = distances.findIndex((distance) => (left -= distance) < 0);
  return [first, at(rows[Math.max(0, chosen)] ?? 0)];
}

function squared(values: Float64Array, from: number, mean: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < mean.length; at += 1) sum += ((values[from + at] ?? 0) - (mean[at] ?? 0)) ** 2;
  return sum;
}

function settled({ rows: all, width, values }: Components, rows: Uint32Array, means: [Float64Array, Float64Array]) {
  const side = new Uint8Array(all);
  let inertia = Number.POSITIVE_INFINITY;
  for (let round = 0; round < mostRounds; round += 1) {
    let now = 0;
    for (const row of rows) {
      const [one, other] = [squared(values, row * width, means[0]), squared(values, row * width, means[1])];
      side[row] = Number(other < one);
      now += Math.min(one, other);
    }
    for (const which of [0, 1] as const) means[which] = meanOf(values, width, rows, side, which) ?? means[which];
    if (now >= inertia) break;
    inertia = now;
  }
  return { side, inertia };
}

function meanOf(
  values: Float64Array,
  width: number,
  rows: Uint32Array,
  side: Uint8Array,
  which: 0 | 1,
): Float64Array | undefined {
  const mean = new Float64Array(width);
  let count = 0;
  for (const row of rows) {
    if (side[row] !== which) continue;
    count += 1;
    for (let at = 0; at < width; at += 1) mean[at] = (mean[at] ?? 0) + (values[row * width + at] ?? 0);
  }
  return count === 0 ? undefined : mean.map((sum) => sum / count);
}
