import { upperGamma } from './incomplete-gamma.ts';

/** The chance that χ² with `freedom` degrees of freedom, 1 or more, is above x: DLMF 8.2.4 at (freedom / 2, x / 2). */
export function chiSquareSurvival(x: number, freedom: number): number {
  return upperGamma(freedom / 2, x / 2);
}

/** The chance that a number from the normal distribution with mean 0 and variance 1 is above z: erfc(z / √2) / 2, DLMF 7.11.2. */
export function normalSurvival(z: number): number {
  const tail = upperGamma(1 / 2, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}
