export type Vector4 = [number, number, number, number];
/** Four rows of four, one after the other. */
export type Matrix4 = [...Vector4, ...Vector4, ...Vector4, ...Vector4];

/**
 * Eigenvalues that are smaller than the largest by more than this count as 0: what float64 leaves of nothing when some million products
 * are added up. NumPy's `pinv` has 10⁻¹⁵; between the two bounds the inverse has no digits that two programs could agree in.
 */
const smallest = 1e-11;
const mostSweeps = 60;

/**
 * The pseudo-inverse of a symmetric matrix, and its rank: by its eigenvalues, which C. G. J. Jacobi's rotations (1846) find to the last
 * digits.
 */
export function pseudoInverse(matrix: Matrix4): { readonly inverse: Matrix4; readonly rank: number } {
  const rest = [...matrix] as Matrix4;
  const vectors: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  for (let sweep = 0; sweep < mostSweeps && !isDiagonal(rest); sweep += 1) {
    for (let p = 0; p < 3; p += 1) for (let q = p + 1; q < 4; q += 1) rotate(rest, vectors, p, q);
  }
  const values = [rest[0], rest[5], rest[10], rest[15]];
  const largest = Math.max(...values.map(Math.abs));
  const inverted = values.map((value) => (Math.abs(value) > smallest * largest ? 1 / value : 0));
  const rank = inverted.filter((value) => value !== 0).length;
  const inverse = matrix.map((_, at) => {
    const [row, column] = [at >> 2, at % 4];
    return inverted.reduce(
      (sum, value, k) => sum + value * (vectors[4 * row + k] ?? 0) * (vectors[4 * column + k] ?? 0),
      0,
    );
  });
  return { inverse: inverse as unknown as Matrix4, rank };
}

function isDiagonal(matrix: Matrix4): boolean {
  return matrix.every((each, at) => at % 5 === 0 || each === 0);
}

/** Turns the plane of p and q so that the cell between them becomes 0. */
function rotate(matrix: Matrix4, vectors: Matrix4, p: number, q: number): void {
  const get = (row: number, column: number): number => matrix[4 * row + column] ?? 0;
  const between = get(p, q);
  if (between === 0) return;
  if (Math.abs(between) <= 1e-30 * Math.abs(get(p, p)) && Math.abs(between) <= 1e-30 * Math.abs(get(q, q))) {
    matrix[4 * p + q] = 0;
    matrix[4 * q + p] = 0;
    return;
  }
  const theta = (get(q, q) - get(p, p)) / (2 * between);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  turnColumns(matrix, p, q, cosine, sine);
  turnRows(matrix, p, q, cosine, sine);
  matrix[4 * p + q] = 0;
  matrix[4 * q + p] = 0;
  turnColumns(vectors, p, q, cosine, sine);
}

function turnColumns(matrix: Matrix4, p: number, q: number, cosine: number, sine: number): void {
  for (let row = 0; row < 4; row += 1) turn(matrix, 4 * row + p, 4 * row + q, cosine, sine);
}

function turnRows(matrix: Matrix4, p: number, q: number, cosine: number, sine: number): void {
  for (let column = 0; column < 4; column += 1) turn(matrix, 4 * p + column, 4 * q + column, cosine, sine);
}

function turn(matrix: Matrix4, left: number, right: number, cosine: number, sine: number): void {
  const [one, other] = [matrix[left] ?? 0, matrix[right] ?? 0];
  matrix[left] = cosine * one - sine * other;
  matrix[right] = sine * one + cosine * other;
}
