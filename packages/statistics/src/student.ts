import { betaQuantile } from './beta.ts';

/**
 * The t for which a number from Student's distribution with `freedom` degrees of freedom lies within ±t with this chance:
 * for |T| ≤ t the chance is 1 - I_y(freedom / 2, 1 / 2), y = freedom / (freedom + t²).
 */
export function studentTwoSided(chance: number, freedom: number): number {
  // I_y(a, b) = 1 - I_(1-y)(b, a): the quantile of 1 - y is exact where y is close to 1.
  const rest = betaQuantile(chance, 1 / 2, freedom / 2);
  return Math.sqrt((freedom * rest) / (1 - rest));
}
