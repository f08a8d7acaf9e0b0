/** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series, k = 1 to 8. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const;

/** From here on the series above is exact to the last bits of float64. */
const enough = 12;

/** ln Γ(x) for x > 0: DLMF 5.11.1, after 5.5.1 has moved x to where the series is exact. */
export function logGamma(x: number): number {
  let product = 1;
  let moved = x;
  for (; moved < enough; moved += 1) product *= moved;
  const inverse = 1 / moved;
  const square = inverse * inverse;
  const series = stirling.reduceRight((sum, coefficient) => sum * square + coefficient, 0) * inverse;
  return (moved - 0.5) * Math.log(moved) - moved + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
