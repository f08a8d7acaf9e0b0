/** Powers of the matrix are kept within 2^±128 of 1, with the exponent beside them. */
const step = 128;
const high = 2 ** step;
const low = 2 ** -step;

interface Scaled {
  readonly cells: Float64Array;
  /** The matrix is cells · 2^exponent. */
  readonly exponent: number;
}

/**
 * The chance that the two-sided Kolmogorov–Smirnov statistic of n values is below d, for 1/2 < n d and d < 1: J. Durbin, "The
 * Probability that the Sample Distribution Function Lies Between Two Parallel Straight Lines" (1968), as G. Marsaglia, W. W. Tsang and
 * J. Wang work it out in "Evaluating Kolmogorov's Distribution" (2003). O((n d)³ log n); meant for n d up to about 60.
 */
export function durbinDistribution(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  const power = toThePower(durbinMatrix(size, k - n * d), size, n);
  let { exponent } = power;
  let chance = power.cells[(k - 1) * size + k - 1] ?? 0;
  for (let i = 1; i <= n; i += 1) {
    chance *= i / n;
    if (chance < low) {
      chance *= high;
      exponent -= step;
    }
  }
  return Math.min(1, chance * 2 ** exponent);
}

/** H of the paper: 1/(i-j+1)! on and below the first upper diagonal, less what `gap` cuts off in the first column and the last row. */
function durbinMatrix(size: number, gap: number): Float64Array {
  const inverse = new Float64Array(size + 2);
  inverse[0] = 1;
  for (let i = 1; i < inverse.length; i += 1) inverse[i] = (inverse[i - 1] ?? 0) / i;
  const cells = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= Math.min(row + 1, size - 1); column += 1) {
      const order = row - column + 1;
      let part = 1;
      if (column === 0) part -= gap ** order;
      if (row === size - 1) part -= gap ** order;
      if (column === 0 && row === size - 1) part += Math.max(0, 2 * gap - 1) ** order;
      cells[row * size + column] = part * (inverse[order] ?? 0);
    }
  }
  return cells;
}

function toThePower(matrix: Float64Array, size: number, exponent: number): Scaled {
  let square: Scaled = { cells: matrix, exponent: 0 };
  let product: Scaled | undefined;
  for (let left = exponent; ; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = product === undefined ? square : times(product, square, size);
    if (left <= 1) return product ?? square;
    square = times(square, square, size);
  }
}

function times(left: Scaled, right: Scaled, size: number): Scaled {
  const cells = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let inner = 0; inner < size; inner += 1) {
      const factor = left.cells[row * size + inner] ?? 0;
      if (factor === 0) continue;
      for (let column = 0; column < size; column += 1) {
        const at = row * size + column;
        cells[at] = (cells[at] ?? 0) + factor * (right.cells[inner * size + column] ?? 0);
      }
    }
  }
  const exponent = left.exponent + right.exponent;
  const centre = ((size - 1) / 2) * (size + 1);
  if ((cells[centre] ?? 0) <= high) return { cells, exponent };
  return { cells: cells.map((cell) => cell * low), exponent: exponent + step };
}
