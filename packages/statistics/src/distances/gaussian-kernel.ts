import { StatisticsError } from '../errors.ts';
import { medianDistance } from '../special/median-distance.ts';

/** k(x, y) of two values, from 0 to 1. */
export type Kernel = (x: number, y: number) => number;

/** exp(-(x - y)² / 2σ²), σ the bandwidth, more than 0. */
export function gaussianKernel(bandwidth: number): Kernel {
  return (x, y) => Math.exp(-0.5 * ((x - y) / bandwidth) ** 2);
}

/**
 * The median heuristic: the median of the distances between any two values that differ. D. Garreau, W. Jitkrittum and M. Kanagawa,
 * "Large Sample Analysis of the Median Heuristic" (2017).
 * @returns 0 if all values are equal
 * @throws StatisticsError HF_STATISTICS_VALUES if the values are beyond float64 apart
 */
export function medianBandwidth(a: Float64Array, b: Float64Array): number {
  const pooled = new Float64Array(a.length + b.length);
  pooled.set(a);
  pooled.set(b, a.length);
  pooled.sort();
  if (Number.isFinite((pooled.at(-1) ?? 0) - (pooled[0] ?? 0))) return medianDistance(pooled);
  throw new StatisticsError('HF_STATISTICS_VALUES', 'the values of both samples are too far apart');
}
