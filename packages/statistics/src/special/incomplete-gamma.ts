import { StatisticsError } from '../errors.ts';
import { deviance, stirlingError } from './saddle-point.ts';

const mostSteps = 1_000_000;
const precision = 2e-16;

/**
 * The regularised upper incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), for a > 0 and x ≥ 0: the chance that a gamma-distributed
 * number of shape a is above x. The series of DLMF 8.7.1 below a + 1, the continued fraction of DLMF 8.9.2 above, and the factor of
 * both by Loader's saddle point, so that large a keep their digits.
 * @throws StatisticsError HF_STATISTICS_CONVERGENCE beyond a of about 10^11
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  // x^a e^-x / Γ(a + 1)
  const front = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  return x < a + 1 ? 1 - front * series(a, x) : front * a * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let step = 1; step <= mostSteps; step += 1) {
    term *= x / (a + step);
    sum += term;
    if (term <= precision * sum) return sum;
  }
  return inexact(a, x);
}

/** By the modified method of Lentz. */
function fraction(a: number, x: number): number {
  let below = x + 1 - a;
  let c = 1e300;
  let d = 1 / below;
  let value = d;
  for (let step = 1; step <= mostSteps; step += 1) {
    const above = -step * (step - a);
    below += 2;
    const denominator = above * d + below;
    d = 1 / (Math.abs(denominator) < 1e-300 ? 1e-300 : denominator);
    c = below + above / c;
    if (Math.abs(c) < 1e-300) c = 1e-300;
    value *= c * d;
    if (Math.abs(c * d - 1) <= precision) return value;
  }
  return inexact(a, x);
}

function inexact(a: number, x: number): never {
  const what = `the gamma distribution of \`${a}\` at \`${x}\` is not exact enough`;
  throw new StatisticsError('HF_STATISTICS_CONVERGENCE', what);
}
