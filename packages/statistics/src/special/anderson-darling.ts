/** Critical values of (A² - 1) / σ for two samples, b0 + b1 + b2 of table 2 of Scholz and Stephens (1987), and their chances. */
const table = [
  [0.675 - 0.245 - 0.105, 0.25],
  [1.281 + 0.25 - 0.305, 0.1],
  [1.645 + 0.678 - 0.362, 0.05],
  [1.96 + 1.149 - 0.391, 0.025],
  [2.326 + 1.822 - 0.396, 0.01],
  [2.573 + 2.364 - 0.345, 0.005],
  [3.085 + 3.615 - 0.154, 0.001],
] as const;

/**
 * The chance that the Anderson–Darling statistic of two samples is at least this: e to the parabola of least squares through the
 * logarithms of the table's chances, as SciPy does, and at its ends no further.
 */
export function andersonDarlingChance(statistic: number): { readonly p: number; readonly capped: boolean } {
  const [[least], , , , , , [most]] = table;
  if (statistic < least) return { p: 0.25, capped: true };
  if (statistic > most) return { p: 0.001, capped: true };
  return { p: Math.exp(parabola(statistic)), capped: false };
}

/** By polynomials that are orthogonal over the critical values, which keep the digits that the normal equations lose. */
function parabola(x: number): number {
  const xs = table.map(([critical]) => critical);
  const ys = table.map(([, chance]) => Math.log(chance));
  const dot = (left: readonly number[], right: readonly number[]): number =>
    left.reduce((sum, each, index) => sum + each * (right[index] ?? 0), 0);
  const ones = xs.map(() => 1);
  const centre = dot(xs, ones) / xs.length;
  const linear = xs.map((each) => each - centre);
  const spread = dot(linear, linear) / xs.length;
  const skew =
    dot(
      linear.map((each) => each ** 3),
      ones,
    ) / dot(linear, linear);
  const bend = (each: number): number => each * each - skew * each - spread;
  const square = linear.map(bend);
  const along = (basis: readonly number[]): number => dot(ys, basis) / dot(basis, basis);
  return along(ones) + along(linear) * (x - centre) + along(square) * bend(x - centre);
}

/** σ of A² for two samples of n and m values, n + m ≥ 4: equation 4 of Scholz and Stephens (1987), k = 2. */
export function andersonDarlingDeviation(n: number, m: number): number {
  const all = n + m;
  const inverse = 1 / n + 1 / m;
  let harmonic = 0;
  let g = 0;
  // h = Σ 1/i and g = ΣΣ 1/((N - i) j) over i < j < N, from the small terms to the large.
  for (let j = all - 1; j > 1; j -= 1) {
    harmonic += 1 / j;
    g += harmonic / (all - j + 1);
  }
  const h = harmonic + 1;
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverse + 4 * h;
  const d = 4 * (2 * h + 6) - 8 * h;
  return Math.sqrt((a * all ** 3 + b * all ** 2 + c * all + d) / ((all - 1) * (all - 2) * (all - 3)));
}
