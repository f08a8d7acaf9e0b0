import { deviance, stirlingError } from './saddle-point.ts';

/** Up to here the sum is worked out; beyond, the formula for large n. SciPy's bound, so that both give the same numbers. */
const largestSum = 1_000_000;

/**
 * The chance that the one-sided Kolmogorov–Smirnov statistic D⁺ of n values is at least d, 0 < d < 1:
 * d Σ C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j) over j ≤ n (1 - d), Z. W. Birnbaum and F. H. Tingey, "One-Sided Confidence Contours
 * for Probability Distribution Functions" (1951). All terms are positive; each is a binomial chance, by Loader's saddle point. Above a
 * million values it is exp(-(6nd + 1)² / 18n), U. R. Maag and G. Dicaire, "On Kolmogorov-Smirnov Type One-Sample Statistics" (1971).
 */
export function smirnovSurvival(n: number, d: number): number {
  if (n > largestSum) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  let sum = Math.exp(n * Math.log1p(-d));
  const whole = stirlingError(n);
  for (let j = 1; j < n && j / n < 1 - d; j += 1) {
    const mean = n * d + j;
    const rest = n - mean;
    if (rest <= 0) break;
    const exponent = whole - stirlingError(j) - stirlingError(n - j) - deviance(j, mean) - deviance(n - j, rest);
    sum += ((n * d) / mean) * Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * j * (n - j)));
  }
  return Math.min(1, sum);
}
