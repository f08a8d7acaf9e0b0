import { logGamma } from '../log-gamma.ts';
import { scaledBesselK } from './bessel.ts';

/** The first term below is the last that is added. SciPy's bound, so that both give the same numbers. */
const smallestTerm = 1e-7;

/**
 * The chance that the Cramér–von Mises statistic ω² of infinitely many values is at least x: 1 less the series (1.3) of S. Csörgő and
 * J. J. Faraway, "The Exact and Asymptotic Distributions of Cramér-von Mises Statistics" (1996). Where the chance is below about
 * 10⁻⁶ what the series leaves out is more than it: then this is an upper bound, and never too small.
 */
export function cramerVonMisesSurvival(x: number): number {
  // The distribution is below 2 · 10⁻¹⁸ there.
  if (x < 0.003) return 1;
  let distribution = 0;
  for (let k = 0; ; k += 1) {
    const term = seriesTerm(x, k);
    distribution += term;
    if (!(term >= smallestTerm)) return Math.max(0, 1 - distribution);
  }
}

/** Γ(k + 1/2) / (π^(3/2) √x k!) √y e^-q K_(1/4)(q), y = 4k + 1, q = y² / 16x. */
function seriesTerm(x: number, k: number): number {
  const y = 4 * k + 1;
  const q = (y * y) / (16 * x);
  const front = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
  return front * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselK(0.25, q);
}
