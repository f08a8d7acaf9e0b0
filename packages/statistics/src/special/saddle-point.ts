import { logGamma } from '../log-gamma.ts';

/**
 * What Stirling's formula leaves out: ln Γ(n + 1) - (n + 1/2) ln n + n - ln √2π, for n > 0.
 * C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000), with the series of DLMF 5.11.1.
 */
export function stirlingError(n: number): number {
  if (n < 16) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  const square = n * n;
  return (
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square) / square) /
    n
  );
}

/**
 * x ln(x / mean) + mean - x for x and mean > 0, without the loss of digits where they are close: Loader's `bd0`.
 * What is multiplied with a power of many digits in a Poisson or a binomial chance.
 */
export function deviance(x: number, mean: number): number {
  if (!(Math.abs(x - mean) < 0.1 * (x + mean))) return x * Math.log(x / mean) + mean - x;
  const ratio = (x - mean) / (x + mean);
  const square = ratio * ratio;
  let sum = (x - mean) * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= square;
    const next = sum + power / odd;
    if (next === sum) return next;
    sum = next;
  }
}
