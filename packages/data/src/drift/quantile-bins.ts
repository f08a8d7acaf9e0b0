import { quantileOfSorted } from '@holdfast/statistics/quantile';

/** Deciles: what the population stability index is usually of. */
const parts = 10;

/**
 * Counts of sorted values between the quantiles of the reference: (-∞, e₁], (e₁, e₂], …, (eₖ, ∞), equal quantiles once. Where the
 * least value of the reference is a quantile itself, what lies below it has a bin of its own.
 */
export interface QuantileBins {
  readonly edges: readonly number[];
  readonly current: readonly number[];
  readonly reference: readonly number[];
}

export function quantileBins(current: Float64Array, reference: Float64Array): QuantileBins {
  const least = reference[0] ?? 0;
  const inner = Array.from({ length: parts - 1 }, (_, at) => quantileOfSorted(reference, (at + 1) / parts));
  const edges = [...new Set(inner)];
  const below = edges[0] === least ? [previous(least)] : [];
  const all = [...below, ...edges];
  return { edges: all, current: countsBetween(current, all), reference: countsBetween(reference, all) };
}

/** The largest float64 below a finite one. */
function previous(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  if (value === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

function countsBetween(sorted: Float64Array, edges: readonly number[]): number[] {
  const ends = edges.map((edge) => countUpTo(sorted, edge));
  return [...ends, sorted.length].map((end, at) => end - (ends[at - 1] ?? 0));
}

/** How many of the sorted values are at most so large. */
export function countUpTo(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
