import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Vectors of one class, as they lie along the directions in which they differ most. */
export interface Components {
  readonly rows: number;
  /** Directions that are kept, the one of the largest variance first. */
  readonly width: number;
  /** rows × width, row-major: centred vectors along each direction. */
  readonly values: Float64Array;
  /** Variances along the directions, with divisor `rows`. */
  readonly variances: Float64Array;
}

/** Below this part of the largest, a variance is what float64 leaves of nothing. */
const smallest = 1e-12;

/**
 * Principal components (K. Pearson, 1901): of the covariance of the columns, or, where there are fewer rows than columns, of the rows'
 * inner products, which have the same values.
 *
 * @param vectors rows × width, row-major, all finite
 * @param most directions that are kept at most
 */
export function principalComponents(vectors: Float64Array, width: number, most: number): Components {
  const rows = vectors.length / width;
  const centred = centredOf(vectors, rows, width);
  const isWide = width > rows;
  const products = isWide ? centred.mmul(centred.transpose()) : centred.transpose().mmul(centred);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(products, { assumeSymmetric: true });
  const order = [...realEigenvalues.keys()].sort(
    (one, other) => (realEigenvalues[other] ?? 0) - (realEigenvalues[one] ?? 0),
  );
  const largest = realEigenvalues[order[0] ?? 0] ?? 0;
  const kept = order.filter((at) => (realEigenvalues[at] ?? 0) > smallest * largest && largest > 0).slice(0, most);
  const values = new Float64Array(rows * kept.length);
  for (const [place, at] of kept.entries()) {
    const value = realEigenvalues[at] ?? 0;
    const direction = eigenvectorMatrix.getColumnVector(at);
    const scores = isWide ? direction.mul(Math.sqrt(value)) : centred.mmul(direction);
    for (let row = 0; row < rows; row += 1) values[row * kept.length + place] = scores.get(row, 0);
  }
  const variances = Float64Array.from(kept, (at) => (realEigenvalues[at] ?? 0) / rows);
  return { rows, width: kept.length, values, variances };
}

function centredOf(vectors: Float64Array, rows: number, width: number): Matrix {
  const centred = new Matrix(rows, width);
  for (let column = 0; column < width; column += 1) {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += vectors[row * width + column] ?? 0;
    const mean = sum / rows;
    for (let row = 0; row < rows; row += 1) centred.set(row, column, (vectors[row * width + column] ?? 0) - mean);
  }
  return centred;
}

/**
 * Spectral signatures (B. Tran, J. Li and A. Madry, "Spectral Signatures in Backdoor Attacks", 2018): the squared length of each centred
 * vector along the first direction.
 */
export function spectralScores({ rows, width, values }: Components): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => (width === 0 ? 0 : (values[row * width] ?? 0) ** 2));
}
