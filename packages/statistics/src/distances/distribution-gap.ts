import { StatisticsError } from '../errors.ts';
import { eachValue, sortedPair } from '../sorted-sample.ts';

/**
 * ∫ each(|F(x) - G(x)|) dx, F and G the parts of the samples at or below x.
 * @throws StatisticsError HF_STATISTICS_VALUES if a sample is empty, a value is NaN or infinite, or the integral is beyond float64
 */
export function distributionGap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  each: (distance: number) => number,
): number {
  const [first, second] = sortedPair(a, b);
  let sum = 0;
  let previous = 0;
  let height = 0;
  eachValue(first, second, (value, inA, inB, belowA, belowB) => {
    if (height > 0) sum += height * (value - previous);
    previous = value;
    height = each(Math.abs((belowA + inA) / first.length - (belowB + inB) / second.length));
  });
  if (Number.isFinite(sum)) return sum;
  throw new StatisticsError('HF_STATISTICS_VALUES', 'the values of both samples are too far apart');
}
