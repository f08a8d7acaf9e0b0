import type { QuantiseOptions } from '../quantise.ts';
import { type Affine, affineOf, clamp, type Range, roundHalfToEven } from './affine.ts';
import type { Histogram } from './histogram.ts';

type Choice = Pick<QuantiseOptions, 'calibration' | 'percentile'>;

/** The part of what was seen that eight bits are spent on; what lies outside is clipped. */
export function chosenRange(seen: Histogram, type: Affine['type'], { calibration, percentile = 99.99 }: Choice): Range {
  if (seen.width === 0) return seen.range;
  if (calibration === 'percentile') {
    return seen.within((1 - percentile / 100) / 2);
  }
  if (calibration === 'mse') return leastSquares(seen, type);
  return calibration === 'entropy' ? leastDivergence(seen, type) : seen.range;
}

const steps = 24;

/** Tries ends at twenty-fourths of what was seen, then around the best in finer steps: where the mean squared error is least. */
function leastSquares(seen: Histogram, type: Affine['type']): Range {
  const coarse = best(
    seen,
    type,
    [...Array(steps).keys()].map((step) => 1 - step / steps),
    { low: 1, high: 1 },
  );
  const fine = [...Array(9).keys()].map((step) => 1 + (step - 4) / (5 * steps));
  const { low, high } = best(seen, type, fine, coarse);
  return { low: seen.range.low * low, high: seen.range.high * high };
}

/** The best of all pairs of parts of two ends, as parts of what was seen; of int8 both ends move together. */
function best(seen: Histogram, type: Affine['type'], parts: readonly number[], start: Range): Range {
  const places = Float64Array.from(seen.counts.keys()).filter((bin) => seen.counts[bin] !== 0);
  const [values, counts] = [places.map((bin) => seen.centre(bin)), places.map((bin) => seen.counts[bin] as number)];
  let least = { error: Number.POSITIVE_INFINITY, range: start };
  for (const lower of parts) {
    for (const upper of type === 'INT8' ? [lower] : parts) {
      const range = { low: Math.min(1, start.low * lower), high: Math.min(1, start.high * upper) };
      const { low, high } = seen.range;
      const error = squaredError(values, counts, affineOf({ low: low * range.low, high: high * range.high }, type));
      if (error < least.error) least = { error, range };
    }
  }
  return least.range;
}

/** The sum of (x − what x becomes)², each x so often as it was seen. */
function squaredError(values: Float64Array, counts: Float64Array, { type, scale, zeroPoint }: Affine): number {
  const [least, greatest] = type === 'INT8' ? [-128, 127] : [0, 255];
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    const stored = clamp(roundHalfToEven(value / scale) + zeroPoint, least, greatest);
    sum += (counts[index] as number) * (value - scale * (stored - zeroPoint)) ** 2;
  }
  return sum;
}

const magnitudeBins = 2048;

/**
 * The threshold of the magnitude at which what is stored tells most about what was seen: the least Kullback–Leibler
 * divergence, as S. Migacz, "8-bit inference with TensorRT" (GTC 2017) finds it.
 */
function leastDivergence(seen: Histogram, type: Affine['type']): Range {
  const { low, high } = seen.range;
  const greatest = Math.max(-low, high);
  const width = greatest / magnitudeBins;
  const counts = new Float64Array(magnitudeBins);
  for (const [bin, count] of seen.counts.entries()) {
    const at = Math.min(magnitudeBins - 1, Math.floor(Math.abs(seen.centre(bin)) / width));
    counts[at] = (counts[at] as number) + count;
  }
  // what Relu made 0 needs no room: as TensorRT's own calibrator does
  counts[0] = counts[1] as number;
  const levels = low >= 0 && type === 'UINT8' ? 256 : 128;
  let least = { bins: magnitudeBins, divergence: Number.POSITIVE_INFINITY };
  for (let used = levels; used <= magnitudeBins; used += 16) {
    const divergence = divergenceOf(counts, used, levels);
    if (divergence < least.divergence) least = { bins: used, divergence };
  }
  const threshold = least.bins * width;
  return { low: Math.max(low, -threshold), high: Math.min(high, threshold) };
}

/** KL of the first `used` bins, what lies behind them clipped into the last, from the same in so many levels. */
function divergenceOf(counts: Float64Array, used: number, levels: number): number {
  const inside = counts.subarray(0, used);
  const clipped = inside.slice();
  clipped[used - 1] = (clipped[used - 1] as number) + total(counts.subarray(used));
  const spread = new Float64Array(used);
  for (let level = 0; level < levels; level += 1) {
    const [from, to] = [Math.floor((level * used) / levels), Math.floor(((level + 1) * used) / levels)];
    const filled = clipped.subarray(from, to).reduce((count, each) => count + (each > 0 ? 1 : 0), 0);
    spread.fill(total(inside.subarray(from, to)) / filled, from, to);
  }
  const spreadTotal = spread.reduce((sum, each, bin) => sum + (clipped[bin] === 0 ? 0 : each), 0);
  const all = total(clipped);
  let divergence = 0;
  for (const [bin, count] of clipped.entries()) {
    if (count === 0) continue;
    const [p, q] = [count / all, (spread[bin] as number) / spreadTotal];
    if (q === 0) return Number.POSITIVE_INFINITY;
    divergence += p * Math.log(p / q);
  }
  return divergence;
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
