const square = Math.PI ** 2;

/** K0 to K3: the terms of the expansion in 1/√n. */
type Terms = [number, number, number, number];

/**
 * The chance that the two-sided Kolmogorov–Smirnov statistic of n values is below d, for large n: W. Pelz and I. J. Good,
 * "Approximating the Lower Tail-Areas of the Kolmogorov-Smirnov One-Sample Statistic" (1976), equations 5 to 8 of R. Simard and
 * P. L'Ecuyer, "Computing the Two-Sided Kolmogorov-Smirnov Distribution" (2011): K0(z) + K1(z)/√n + K2(z)/n + K3(z)/n^(3/2), z = d √n.
 */
export function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  // Below, it is 0 in float64.
  if (square / (8 * z * z) > 708) return 0;
  const odd = oddTerms(z);
  const whole = wholeTerms(z);
  const root = Math.sqrt(n);
  return odd[0] + odd[1] / root + (odd[2] + whole[2]) / n + (odd[3] + whole[3]) / (n * root);
}

/** How many terms of the theta functions count. */
const termsAt = (z: number): number => Math.ceil((16 * z) / Math.PI);

/** The sums over (k + 1/2)² π² / 2z²: with m = 2k + 1, over m² π² / 8z². */
function oddTerms(z: number): Terms {
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const sums: Terms = [0, 0, 0, 0];
  for (let k = termsAt(z); k > 0; k -= 1) {
    const m2 = (2 * k - 1) ** 2;
    const weight = Math.exp((-square * m2) / (8 * z2));
    const u = (square * m2) / 4;
    sums[0] += weight;
    sums[1] += weight * (u - z2);
    sums[2] += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * u + (1 - 2 * z2) * u * u);
    const cubic = (5 - 30 * z2) * u ** 3 + (212 * z4 - 60 * z2) * u * u + (135 * z4 - 96 * z6) * u;
    sums[3] += weight * (cubic - 30 * z6 - 90 * z4 * z4);
  }
  const root = Math.sqrt(2 * Math.PI);
  return [
    (root * sums[0]) / z,
    (root * sums[1]) / (6 * z4),
    (root * sums[2]) / (72 * z4 * z2 * z),
    (root * sums[3]) / (6480 * z6 * z4),
  ];
}

/** The sums over k² π² / 2z², which are in K2 and K3 only. */
function wholeTerms(z: number): Terms {
  const z2 = z * z;
  let second = 0;
  let third = 0;
  for (let k = termsAt(z); k > 0; k -= 1) {
    const u = square * k * k;
    const weight = Math.exp(-u / (2 * z2));
    second += weight * u;
    third += weight * u * (3 * z2 - u);
  }
  const root = Math.sqrt(2 * Math.PI);
  return [0, 0, (-root * second) / (36 * z2 * z), (root * third) / (216 * z2 ** 3)];
}
