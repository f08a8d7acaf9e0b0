import type { Random } from '../random.ts';
import type { Kernel } from './gaussian-kernel.ts';

/** Sums of the same numbers in another order differ by less. */
const rounding = 1e-12;

/**
 * MMD² by all pairs, unbiased: equation 3 of Gretton et al. (2012). The permutations deal all values out anew; only the sum within the
 * smaller sample is worked out for each, the other two follow from the sums of the rows.
 * @param a two values or more
 * @param b two values or more
 */
export function quadraticDiscrepancy(
  a: Float64Array,
  b: Float64Array,
  kernel: Kernel,
  random: Random,
  permutations: number,
): { readonly statistic: number; readonly p: number } {
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  const gram = gramOf(small, large, kernel);
  const order = Uint32Array.from({ length: small.length + large.length }, (_, index) => index);
  const statistic = discrepancy(gram, order, small.length);
  let extreme = 0;
  for (let round = 0; round < permutations; round += 1) {
    random.shuffle(order);
    if (discrepancy(gram, order, small.length) >= statistic - rounding) extreme += 1;
  }
  return { statistic, p: (1 + extreme) / (1 + permutations) };
}

interface Gram {
  /** k of each two values, row by row; 0 on the diagonal. */
  readonly cells: Float64Array;
  readonly rows: Float64Array;
  readonly sum: number;
}

function gramOf(small: Float64Array, large: Float64Array, kernel: Kernel): Gram {
  const size = small.length + large.length;
  const valueAt = (index: number): number => small[index] ?? large[index - small.length] ?? 0;
  const cells = new Float64Array(size * size);
  const rows = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) {
      const likeness = kernel(valueAt(row), valueAt(column));
      cells[row * size + column] = likeness;
      cells[column * size + row] = likeness;
      rows[row] = (rows[row] ?? 0) + likeness;
      rows[column] = (rows[column] ?? 0) + likeness;
    }
  }
  return { cells, rows, sum: rows.reduce((sum, each) => sum + each, 0) };
}

/** @param order places of values: the first `n` are the smaller sample */
function discrepancy({ cells, rows, sum }: Gram, order: Uint32Array, n: number): number {
  const size = order.length;
  const m = size - n;
  let half = 0;
  let all = 0;
  for (let i = 0; i < n; i += 1) {
    const row = order[i] ?? 0;
    all += rows[row] ?? 0;
    for (let j = 0; j < i; j += 1) half += cells[row * size + (order[j] ?? 0)] ?? 0;
  }
  const within = 2 * half;
  const between = all - within;
  const rest = sum - within - 2 * between;
  return within / (n * (n - 1)) + rest / (m * (m - 1)) - (2 * between) / (n * m);
}
