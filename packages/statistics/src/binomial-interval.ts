import { betaQuantile } from './beta.ts';
import { requireFraction, requireInteger } from './errors.ts';
import { normalQuantile } from './normal.ts';

/** Two ends between which a number lies with the confidence that was asked for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Where a chance lies of which `successes` were seen in `trials`: accuracy, a rate of success.
 * @param confidence such as 0.95
 * @param method `wilson` (E. B. Wilson, 1927): covers on average what it says, also close to 0 and 1; `clopper-pearson` (1934):
 * never covers less than it says, and is wider
 * @throws StatisticsError HF_STATISTICS_ARGUMENT
 * @example
 * ```ts
 * import { binomialInterval } from '@holdfast/statistics';
 * binomialInterval(93, 100, 0.95); // { low: 0.863, high: 0.966 }
 * ```
 */
export function binomialInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
  method: 'wilson' | 'clopper-pearson' = 'wilson',
): Interval {
  requireInteger('the number of trials', trials, 1, Number.MAX_SAFE_INTEGER);
  requireInteger('the number of successes', successes, 0, trials);
  requireFraction('the confidence', confidence);
  const outside = (1 - confidence) / 2;
  return method === 'wilson' ? wilson(successes, trials, outside) : clopperPearson(successes, trials, outside);
}

function wilson(successes: number, trials: number, outside: number): Interval {
  const z = -normalQuantile(outside);
  const rate = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  // At the ends the two terms are equal, but for their last bits.
  return { low: successes === 0 ? 0 : centre - half, high: successes === trials ? 1 : centre + half };
}

function clopperPearson(successes: number, trials: number, outside: number): Interval {
  return {
    low: successes === 0 ? 0 : betaQuantile(outside, successes, trials - successes + 1),
    // The upper end is the lower end of what did not succeed: exact close to 1, too.
    high: successes === trials ? 1 : 1 - betaQuantile(outside, trials - successes, successes + 1),
  };
}
