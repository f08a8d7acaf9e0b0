/**
 * The chance that U of the Mann–Whitney test of m and n values without ties is at least `u`, a whole number from mn/2 to mn. How many
 * orders give each U is the coefficient of the Gaussian binomial Π (1 - q^(n+d)) / (1 - q^d), d = 1 to m: A. Löffler, "Über eine
 * Partition der natürlichen Zahlen und ihre Anwendung beim U-Test" (1983). By symmetry, the orders with U up to mn - u are counted.
 */
export function mannWhitneySurvival(u: number, m: number, n: number): number {
  const few = Math.min(m, n);
  const many = Math.max(m, n);
  const most = m * n - u;
  const orders = new Float64Array(most + 1);
  orders[0] = 1;
  let all = 1;
  for (let d = 1; d <= few; d += 1) {
    for (let at = most; at >= many + d; at -= 1) orders[at] = (orders[at] ?? 0) - (orders[at - many - d] ?? 0);
    for (let at = d; at <= most; at += 1) orders[at] = (orders[at] ?? 0) + (orders[at - d] ?? 0);
    all *= (many + d) / d;
  }
  let sum = 0;
  for (const count of orders) sum += count;
  return sum / all;
}
