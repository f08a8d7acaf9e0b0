import type { RandomSource } from './random-source.ts';

/** An exact ratio of whole numbers, `over` > 0. */
export interface Ratio {
  readonly part: bigint;
  readonly over: bigint;
}

/**
 * True with probability exp(−part/over), exactly: algorithm 1 of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential
 * Privacy" (2020). No floating-point number is in it, so Mironov's attack (2012) finds no low bits to read.
 */
export function exponentialBernoulli({ part, over }: Ratio, source: RandomSource): boolean {
  for (let whole = part / over; whole > 0n; whole -= 1n) {
    if (!withinOne({ part: 1n, over: 1n }, source)) return false;
  }
  return withinOne({ part: part % over, over }, source);
}

/** Of a ratio in [0, 1]. */
function withinOne({ part, over }: Ratio, source: RandomSource): boolean {
  let trial = 1n;
  while (source.below(over * trial) < part) trial += 1n;
  return trial % 2n === 1n;
}

/** A whole number x with probability in proportion to exp(−|x| / scale), exactly: algorithm 2 of the same paper. */
export function discreteLaplace({ part: t, over: s }: Ratio, source: RandomSource): bigint {
  for (;;) {
    const low = source.below(t);
    if (!exponentialBernoulli({ part: low, over: t }, source)) continue;
    let high = 0n;
    while (withinOne({ part: 1n, over: 1n }, source)) high += 1n;
    const size = (low + t * high) / s;
    const isNegative = source.below(2n) === 1n;
    if (isNegative && size === 0n) continue;
    return isNegative ? -size : size;
  }
}

/** A whole number x with probability in proportion to exp(−x² / 2σ²), exactly: algorithm 3 of the same paper. */
export function discreteGaussian(deviation: Ratio, source: RandomSource): bigint {
  const [variancePart, varianceOver] = [deviation.part ** 2n, deviation.over ** 2n];
  const t = deviation.part / deviation.over + 1n;
  for (;;) {
    const drawn = discreteLaplace({ part: t, over: 1n }, source);
    const size = drawn < 0n ? -drawn : drawn;
    // (|y| − σ²/t)² / 2σ², over one denominator
    const difference = size * varianceOver * t - variancePart;
    const part = difference * difference;
    const over = 2n * variancePart * varianceOver * t * t;
    if (exponentialBernoulli({ part, over }, source)) return drawn;
  }
}
