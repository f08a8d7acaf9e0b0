import { requireInteger, StatisticsError } from '../errors.ts';
import { type Random, randomOf } from '../random.ts';
import { sortedPair } from '../sorted-sample.ts';
import type { TestResult } from '../tests/test-result.ts';
import { blockDiscrepancy } from './block-discrepancy.ts';
import { gaussianKernel, medianBandwidth } from './gaussian-kernel.ts';
import { quadraticDiscrepancy } from './quadratic-discrepancy.ts';

/** All pairs of so many values are looked at; with more in the smaller sample than half of them, pairs within blocks are. */
const mostValues = 2000;
/** Signed additions of the block version in all permutations: seconds. */
const mostWork = 5e8;
const mostPairs = 200_000;
const largestBlock = 64;
/** The bandwidth of the block version is that of so many pairs. */
const bandwidthPairs = 10_000;

export interface MaximumMeanDiscrepancyOptions {
  /** 0 unless given. The same seed gives the same p. */
  readonly seed?: string | number;
  /** How often the values are dealt out anew; 499 unless given. p is never below 1 / (permutations + 1). */
  readonly permutations?: number;
  /** σ of the kernel, in the unit of the values; the median heuristic unless given. */
  readonly bandwidth?: number;
}

export interface MaximumMeanDiscrepancyResult extends TestResult {
  /** σ of the kernel, in the unit of the values; 0 if all values are equal. */
  readonly bandwidth: number;
  readonly method: 'quadratic' | 'block';
  /** How many values of each sample were used. */
  readonly usedA: number;
  readonly usedB: number;
}

/**
 * The maximum mean discrepancy, squared and unbiased: E k(x, x') + E k(y, y') - 2 E k(x, y), k(x, y) = exp(-(x - y)² / 2σ²); it may be
 * below 0. p by permutation, exact at any size. A. Gretton et al., "A Kernel Two-Sample Test" (2012).
 *
 * If one sample has at most 1,000 values, all pairs are looked at; the other is drawn from, by the seed, if both have more than 2,000.
 * Else the values are paired at random, as many as the smaller sample has but no more than 200,000, and looked at within blocks of 64
 * pairs, fewer where there are many. `usedA` and `usedB` say how many values counted.
 * @param a two values or more, of any unit
 * @param b as `a`, of the same unit
 * @returns the statistic from about 0 (the same) to 2
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample has fewer than two values, one is NaN or infinite, or they are beyond float64
 * apart; HF_STATISTICS_ARGUMENT if an option is out of its range
 * @example
 * ```ts
 * import { maximumMeanDiscrepancy } from '@holdfast/statistics';
 * maximumMeanDiscrepancy([1, 2, 3, 4, 5], [4, 5, 6, 7, 8], { seed: 7 }); // { statistic: 0.405, p: 0.034, bandwidth: 2, … }
 * ```
 */
export function maximumMeanDiscrepancy(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { seed = 0, permutations = 499, bandwidth }: MaximumMeanDiscrepancyOptions = {},
): MaximumMeanDiscrepancyResult {
  requireInteger('the number of permutations', permutations, 1, 1_000_000);
  if (bandwidth !== undefined && !(bandwidth > 0 && bandwidth < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError('HF_STATISTICS_ARGUMENT', `a bandwidth is more than 0, not \`${bandwidth}\``);
  }
  const random = randomOf(seed).fork('maximum-mean-discrepancy');
  const samples = sortedPair(a, b, 2);
  const smaller = Math.min(a.length, b.length);
  const isBlock = 2 * smaller > mostValues;
  const most = isBlock ? Math.min(smaller, mostPairs) : mostValues - smaller;
  const first = drawn(samples[0], most, isBlock, random.fork('first sample'));
  const second = drawn(samples[1], most, isBlock, random.fork('second sample'));
  const sigma = bandwidth ?? bandwidthOf(first, second, isBlock);
  const rest = { bandwidth: sigma, usedA: first.length, usedB: second.length };
  const method = isBlock ? 'block' : 'quadratic';
  if (sigma === 0) return { statistic: 0, p: 1, method, ...rest };
  const kernel = gaussianKernel(sigma);
  const deal = random.fork('permutations');
  const found = isBlock
    ? blockDiscrepancy(first, second, blockSizeFor(most, permutations), kernel, deal, permutations)
    : quadraticDiscrepancy(first, second, kernel, deal, permutations);
  return { ...found, method, ...rest };
}

/** As many values as there is room for, in random order where that counts. */
function drawn(sorted: Float64Array, most: number, isPaired: boolean, random: Random): Float64Array {
  if (!isPaired && sorted.length <= most) return sorted;
  return random.shuffle(sorted).subarray(0, most);
}

function bandwidthOf(first: Float64Array, second: Float64Array, isPaired: boolean): number {
  if (!isPaired) return medianBandwidth(first, second);
  const bandwidth = medianBandwidth(first.subarray(0, bandwidthPairs), second.subarray(0, bandwidthPairs));
  // If the pairs that were drawn are all equal, the others may still differ.
  return bandwidth > 0 ? bandwidth : medianBandwidth(first, second);
}

function blockSizeFor(pairs: number, permutations: number): number {
  const size = 1 + Math.floor((2 * mostWork) / (pairs * permutations));
  return Math.min(largestBlock, Math.max(2, size));
}
