/**
 * e^x K_ν(x), the modified Bessel function of the second kind without its decay, for x > 0 and any ν: the integral of DLMF 10.32.9,
 * ∫ exp(-x (cosh t - 1)) cosh(νt) dt over t > 0, by the trapezoidal rule, which for such a function loses nothing that float64 could
 * show (L. N. Trefethen and J. A. C. Weideman, "The Exponentially Convergent Trapezoidal Rule", 2014).
 */
export function scaledBesselK(order: number, x: number): number {
  const step = Math.min(0.2, 0.5 / Math.sqrt(x));
  let sum = 0.5;
  for (let k = 1; ; k += 1) {
    const t = k * step;
    // cosh t - 1, with its digits where t is small.
    const term = Math.exp(-2 * x * Math.sinh(t / 2) ** 2) * Math.cosh(order * t);
    sum += term;
    if (!(term > 1e-18 * sum)) return sum * step;
  }
}
