import { StatisticsError } from './errors.ts';

/**
 * A copy of the values in ascending order.
 * @param what how an error calls them
 * @param least how many there have to be
 * @throws StatisticsError HF_STATISTICS_VALUES if there are fewer, or one is NaN or infinite
 */
export function sortedSample(what: string, values: ArrayLike<number>, least = 1): Float64Array {
  if (values.length < least) {
    const amount = least === 1 ? 'no values' : `\`${values.length}\` values, fewer than ${least},`;
    throw new StatisticsError('HF_STATISTICS_VALUES', `there are ${amount} in ${what}`);
  }
  const sorted = new Float64Array(values).sort();
  // NaN is sorted to the end, as is infinity.
  for (const end of [sorted[0], sorted.at(-1)]) {
    if (!Number.isFinite(end))
      throw new StatisticsError('HF_STATISTICS_VALUES', `one of the values in ${what} is \`${end}\``);
  }
  return sorted;
}

/** The two samples of a comparison, each in ascending order. @throws StatisticsError HF_STATISTICS_VALUES */
export function sortedPair(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  least = 1,
): readonly [a: Float64Array, b: Float64Array] {
  return [sortedSample('the first sample', a, least), sortedSample('the second sample', b, least)];
}

/**
 * Goes through the different values of two sorted samples, in ascending order.
 * @param visit gets a value, how often it is in each sample, and how many of each lie below it
 */
export function eachValue(
  a: Float64Array,
  b: Float64Array,
  visit: (value: number, inA: number, inB: number, belowA: number, belowB: number) => void,
): void {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    const belowA = i;
    const belowB = j;
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    visit(value, i - belowA, j - belowB, belowA, belowB);
  }
}
