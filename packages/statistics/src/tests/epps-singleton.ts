import { StatisticsError } from '../errors.ts';
import { quantileOfSorted } from '../quantile.ts';
import { sortedPair } from '../sorted-sample.ts';
import { type Matrix4, pseudoInverse, type Vector4 } from '../special/pseudo-inverse.ts';
import { chiSquareSurvival } from '../special/survival.ts';
import type { TestResult } from './test-result.ts';

/** Below so many values in both samples, the statistic is corrected. */
const fewValues = 25;

export interface EppsSingletonResult extends TestResult {
  /** 4; fewer where the values are so few or so alike that the characteristic functions depend on each other. */
  readonly freedom: number;
}

/**
 * The test of Epps and Singleton: whether the empirical characteristic functions differ at t = 0.4 and 0.8, in units of half the
 * interquartile range of all values. W = N g' S⁻¹ g, g the difference of the means of (cos t₁x, cos t₂x, sin t₁x, sin t₂x), S its
 * covariance; χ² with 4 degrees of freedom. T. W. Epps and K. J. Singleton, "An Omnibus Test for the Two-Sample Problem Using the
 * Empirical Characteristic Function" (1986); below 25 values each, W is made smaller as S. J. Goerg and J. Kaiser (2009) say. It needs
 * no order and no continuous values, and sees more than shifts. As `scipy.stats.epps_singleton_2samp` does.
 * @param a at least five values, of any unit; sorted in a copy, O(n log n)
 * @param b as `a`, of the same unit
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than five values, one is NaN or infinite, or the middle half of
 * all values is a single one
 * @example
 * ```ts
 * import { eppsSingleton } from '@holdfast/statistics';
 * eppsSingleton([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12]); // { statistic: 2.74, p: 0.603, freedom: 4 }
 * ```
 */
export function eppsSingleton(a: ArrayLike<number>, b: ArrayLike<number>): EppsSingletonResult {
  const [first, second] = sortedPair(a, b, 5);
  const [n, m] = [first.length, second.length];
  const all = n + m;
  const unit = halfSpread(first, second);
  const ofA = moments(first, unit);
  const ofB = moments(second, unit);
  const covariance = ofA.covariance.map((each, at) => (all / n) * each + (all / m) * (ofB.covariance[at] ?? 0));
  const { inverse, rank } = pseudoInverse(covariance as unknown as Matrix4);
  const difference = ofA.mean.map((each, at) => each - (ofB.mean[at] ?? 0));
  let form = 0;
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      form += (difference[row] ?? 0) * (inverse[4 * row + column] ?? 0) * (difference[column] ?? 0);
    }
  }
  const isFew = Math.max(n, m) < fewValues;
  const correction = isFew ? 1 / (1 + all ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1;
  const statistic = all * form * correction;
  return { statistic, p: chiSquareSurvival(statistic, rank), freedom: rank };
}

function halfSpread(a: Float64Array, b: Float64Array): number {
  const pooled = new Float64Array(a.length + b.length);
  pooled.set(a);
  pooled.set(b, a.length);
  pooled.sort();
  const half = (quantileOfSorted(pooled, 0.75) - quantileOfSorted(pooled, 0.25)) / 2;
  if (half > 0 && Number.isFinite(half)) return half;
  const why = half > 0 ? 'are too far apart' : 'are all equal';
  throw new StatisticsError('HF_STATISTICS_VALUES', `the values in the middle half of both samples ${why}`);
}

/** Mean and covariance (of n, not n - 1) of the cosines and sines. */
function moments(values: Float64Array, unit: number): { mean: Vector4; covariance: Matrix4 } {
  const sum: Vector4 = [0, 0, 0, 0];
  const products = new Array<number>(16).fill(0) as unknown as Matrix4;
  const wave: Vector4 = [0, 0, 0, 0];
  // Away from the first values, so that products do not cancel.
  const origin = wavesOf(values[values.length >> 1] ?? 0, unit, [0, 0, 0, 0]);
  for (const value of values) {
    wavesOf(value, unit, wave);
    for (let row = 0; row < 4; row += 1) {
      const left = (wave[row] ?? 0) - (origin[row] ?? 0);
      sum[row] = (sum[row] ?? 0) + left;
      for (let column = 0; column <= row; column += 1) {
        const at = 4 * row + column;
        products[at] = (products[at] ?? 0) + left * ((wave[column] ?? 0) - (origin[column] ?? 0));
      }
    }
  }
  const n = values.length;
  const covariance = products.map((_, at) => {
    const [row, column] = [Math.max(at >> 2, at % 4), Math.min(at >> 2, at % 4)];
    return (products[4 * row + column] ?? 0) / n - ((sum[row] ?? 0) / n) * ((sum[column] ?? 0) / n);
  });
  const mean = sum.map((each, at) => each / n + (origin[at] ?? 0));
  return { mean: mean as Vector4, covariance: covariance as unknown as Matrix4 };
}

function wavesOf(value: number, unit: number, into: Vector4): Vector4 {
  const near = (0.4 / unit) * value;
  const cosine = Math.cos(near);
  const sine = Math.sin(near);
  into[0] = cosine;
  into[2] = sine;
  // Of twice the angle.
  into[1] = 1 - 2 * sine * sine;
  into[3] = 2 * sine * cosine;
  return into;
}
