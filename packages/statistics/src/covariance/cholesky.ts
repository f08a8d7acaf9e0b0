import { StatisticsError } from '../errors.ts';

/**
 * The lower triangle L with L·Lᵀ = the matrix, packed: row i begins at i(i + 1)/2. Higham, "Accuracy and Stability of Numerical
 * Algorithms" (2002), section 10.1.
 * @throws StatisticsError HF_STATISTICS_VALUES unless the matrix is positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array((size * (size + 1)) / 2);
  for (let i = 0; i < size; i += 1) {
    const rowI = (i * (i + 1)) / 2;
    for (let j = 0; j <= i; j += 1) {
      const rowJ = (j * (j + 1)) / 2;
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (lower[rowI + k] as number) * (lower[rowJ + k] as number);
      if (i === j && !(sum > 0)) throw new StatisticsError('HF_STATISTICS_VALUES', 'the covariance has no inverse');
      lower[rowI + j] = i === j ? Math.sqrt(sum) : sum / (lower[rowJ + j] as number);
    }
  }
  return lower;
}

/** L⁻¹ of a packed lower triangle, packed: then |L⁻¹ x|² is xᵀ (L·Lᵀ)⁻¹ x without a division. */
export function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(lower.length);
  for (let j = 0; j < size; j += 1) {
    for (let i = j; i < size; i += 1) {
      const rowI = (i * (i + 1)) / 2;
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k += 1) sum -= (lower[rowI + k] as number) * (inverse[(k * (k + 1)) / 2 + j] as number);
      inverse[rowI + j] = sum / (lower[rowI + i] as number);
    }
  }
  return inverse;
}

/** |L⁻¹ x|²: the square of the Mahalanobis distance of a centred row. No allocation. */
export function squaredDistance(inverse: Float64Array, centred: Float64Array): number {
  let total = 0;
  for (let i = 0, at = 0; i < centred.length; i += 1) {
    let sum = 0;
    for (let j = 0; j <= i; j += 1, at += 1) sum += (inverse[at] as number) * (centred[j] as number);
    total += sum * sum;
  }
  return total;
}
