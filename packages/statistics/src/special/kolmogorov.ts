import { durbinDistribution } from './durbin.ts';
import { pelzGood } from './pelz-good.ts';
import { stirlingError } from './saddle-point.ts';
import { smirnovSurvival } from './smirnov.ts';

/**
 * The chance that the two-sided Kolmogorov–Smirnov statistic of n values is at least d. R. Simard and P. L'Ecuyer, "Computing the
 * Two-Sided Kolmogorov-Smirnov Distribution" (2011): where which method holds.
 * @param n a whole number, 1 or more
 */
export function kolmogorovSurvival(n: number, d: number): number {
  if (d >= 1) return 0;
  const scaled = n * d;
  if (scaled <= 0.5) return 1;
  if (scaled <= 1) return 1 - ruben(n, 2 * scaled - 1);
  if (scaled >= n - 1) return 2 * (1 - d) ** n;
  if (d >= 0.5) return Math.min(1, 2 * smirnovSurvival(n, d));
  const spread = scaled * d;
  return n <= 140 ? few(n, d, spread) : many(n, d, spread);
}

/** n! (u / n)^n, u = 2nd - 1: H. Ruben and J. Gambino, "The Exact Distribution of Kolmogorov's Statistic D_n for n ≤ 10" (1982). */
function ruben(n: number, u: number): number {
  if (u <= 0) return 0;
  // n! / n^n = √2πn e^(-n + the error of Stirling's formula), and u^n beside it.
  return Math.sqrt(2 * Math.PI * n) * Math.exp(stirlingError(n) - n + n * Math.log(u));
}

function few(n: number, d: number, spread: number): number {
  if (spread <= 4) return 1 - durbinDistribution(n, d);
  return Math.min(1, 2 * smirnovSurvival(n, d));
}

function many(n: number, d: number, spread: number): number {
  if (spread >= 370) return 0;
  if (spread >= 2.2) return Math.min(1, 2 * smirnovSurvival(n, d));
  const isNarrow = n <= 100_000 && n * d ** 1.5 <= 1.4;
  return Math.min(1, Math.max(0, 1 - (isNarrow ? durbinDistribution(n, d) : pelzGood(n, d))));
}
