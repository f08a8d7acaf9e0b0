import { StatisticsError } from './errors.ts';
import { logGamma } from './log-gamma.ts';

const precision = 1e-16;
const mostSteps = 100_000;
/** Beyond, the logarithms of the gamma function are so large that their difference has lost what counts. */
const largest = 1e9;

/**
 * The regularised incomplete beta function I_x(a, b), for x in [0, 1] and a, b > 0: the chance that a beta-distributed number is at
 * most x. DLMF 8.17.22 by the modified method of Lentz, on the side of 8.17.4 where it converges fast.
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (a + b > largest) inexact(x, a, b);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const isLeft = x < (a + 1) / (a + b + 2);
  return isLeft ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** The continued fraction of DLMF 8.17.22. */
function fraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= mostSteps; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) <= 4 * precision) return value;
  }
  return inexact(x, a, b);
}

function inexact(x: number, a: number, b: number): never {
  const what = `the beta distribution of \`${a}\` and \`${b}\` at \`${x}\` is not exact enough`;
  throw new StatisticsError('HF_STATISTICS_CONVERGENCE', what);
}

/** The x for which I_x(a, b) = p, p in (0, 1): Newton's steps within a bracket that only gets narrower, else halves of it. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  for (let step = 0; step < 2000; step += 1) {
    const excess = regularisedBeta(x, a, b) - p;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 4 * precision * x || next === low || next === high) return next;
    x = next;
  }
  return x;
}
