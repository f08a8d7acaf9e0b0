/**
 * erf to float64: below 3 the series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of whose terms have one sign (DLMF
 * 7.6.2); above, one minus the continued fraction of erfc (DLMF 7.9.1).
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (!(x < 6)) return Number.isNaN(x) ? x : 1;
  return x < 3 ? series(x) : 1 - continuedFraction(x);
}

function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; term > sum * 2 ** -60; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function continuedFraction(x: number): number {
  let below = x;
  for (let n = 100; n > 0; n--) below = x + n / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}
