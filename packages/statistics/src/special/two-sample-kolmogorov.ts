/** The greatest common divisor, by Euclid. */
export function commonDivisor(m: number, n: number): number {
  let [large, small] = [m, n];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}

/**
 * The chance that the two-sample Kolmogorov–Smirnov statistic of m and n values without ties is at least h / lcm(m, n): the part of
 * all ways from (0, 0) to (m, n), in steps of one to the right or up, that reach |x/m - y/n| ≥ h / lcm(m, n). J. L. Hodges, "The
 * Significance Probability of the Smirnov Two-Sample Test" (1958), inside the band, for the part outside, so that small chances keep
 * their digits: T. Viehmann, "Numerically More Stable Computation of the p-Values for the Two-Sample Kolmogorov-Smirnov Test" (2021).
 */
export function twoSampleKolmogorovSurvival(m: number, n: number, h: number): number {
  if (h <= 0) return 1;
  return m === n ? square(m, h) : oblong(Math.max(m, n), Math.min(m, n), h);
}

/** For m = n: 2 Σ (-1)^(k+1) C(2n, n - kh) / C(2n, n), nested so that nothing cancels. B. Gnedenko and V. Korolyuk (1951). */
function square(n: number, h: number): number {
  let chance = 0;
  for (let k = Math.floor(n / h); k >= 0; k -= 1) {
    let product = 1;
    for (let j = 0; j < h; j += 1) product *= (n - k * h - j) / (n + k * h + j + 1);
    chance = product * (1 - chance);
  }
  return Math.min(1, 2 * chance);
}

/** For m > n, column by column: the part of the ways to (x, y) is that of (x - 1, y), x times, and of (x, y - 1), y times. */
function oblong(m: number, n: number, h: number): number {
  const divisor = commonDivisor(m, n);
  const wide = m / divisor;
  const narrow = n / divisor;
  // What no way inside the band has come to is outside for certain.
  const part = new Float64Array(n + 1).fill(1);
  for (let y = 0; y <= n && wide * y < h; y += 1) part[y] = 0;
  for (let x = 1; x <= m; x += 1) {
    // Inside: |narrow x - wide y| < h.
    const first = Math.max(0, Math.floor((narrow * x - h) / wide) + 1);
    const last = Math.min(n, Math.ceil((narrow * x + h) / wide) - 1);
    if (first > last) return 1;
    let below = first === 0 ? 0 : 1;
    for (let y = first; y <= last; y += 1) {
      below = ((part[y] ?? 1) * x + below * y) / (x + y);
      part[y] = below;
    }
    if (first > 0) part[first - 1] = 1;
  }
  return Math.min(1, part[n] ?? 1);
}
