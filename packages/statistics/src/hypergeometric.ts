import { logGamma } from './log-gamma.ts';

/**
 * The natural logarithm of the chance that two sets of `first` and `second` of `all` things, drawn without regard to each other, have
 * at least `shared` in common: the upper tail of the hypergeometric distribution (R. A. Fisher, 1935). All are whole numbers, no set
 * is larger than `all`.
 * @returns -Infinity where it cannot be
 */
export function logHypergeometricTail(shared: number, all: number, first: number, second: number): number {
  const least = Math.max(0, first + second - all);
  const most = Math.min(first, second);
  if (shared <= least) return 0;
  if (shared > most) return Number.NEGATIVE_INFINITY;
  // Each term is the last one times a ratio: summed from the first, which is the largest where the tail is one.
  let [term, sum] = [1, 1];
  for (let count = shared; count < most; count += 1) {
    term *= ((first - count) * (second - count)) / ((count + 1) * (all - first - second + count + 1));
    sum += term;
    if (term < 1e-16 * sum) break;
  }
  return Math.min(0, logTerm(shared, all, first, second) + Math.log(sum));
}

function logTerm(shared: number, all: number, first: number, second: number): number {
  return logChoose(first, shared) + logChoose(all - first, second - shared) - logChoose(all, second);
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
