import { randomOf } from '../random.ts';

const mostRounds = 300;

/**
 * The orthonormal directions of most variance of a covariance, one after the other: by subspace iteration (G. H. Golub, C. F. Van Loan,
 * "Matrix Computations" (2013), section 8.2.4), each turned so that its largest part is above 0.
 * @param covariance size × size, symmetric
 * @returns `components` × size, row after row
 */
export function principalComponents(covariance: Float64Array, size: number, components: number): Float64Array {
  // A few more than are asked for: the last of them converge slowly.
  const kept = Math.min(size, components + 8);
  let basis = new Float64Array(kept * size);
  const random = randomOf('principal components');
  for (let at = 0; at < basis.length; at += 1) basis[at] = random.normal();
  orthonormalise(basis, size);
  for (let round = 0; round < mostRounds; round += 1) {
    const next = multiplied(covariance, basis, size);
    orthonormalise(next, size);
    const moved = change(basis, next, size, components);
    basis = next;
    if (moved < 1e-12) break;
  }
  for (let row = 0; row < kept; row += 1) turn(basis.subarray(row * size, (row + 1) * size));
  return basis.slice(0, components * size);
}

function multiplied(covariance: Float64Array, basis: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(basis.length);
  for (let start = 0; start < basis.length; start += size) {
    for (let i = 0; i < size; i += 1) {
      let sum = 0;
      for (let j = 0; j < size; j += 1) sum += (covariance[i * size + j] as number) * (basis[start + j] as number);
      product[start + i] = sum;
    }
  }
  return product;
}

/** Gram and Schmidt, twice, in order: the first row keeps its direction. */
function orthonormalise(basis: Float64Array, size: number): void {
  for (let start = 0; start < basis.length; start += size) {
    const row = basis.subarray(start, start + size);
    for (let pass = 0; pass < 2; pass += 1) {
      for (let other = 0; other < start; other += size) {
        const direction = basis.subarray(other, other + size);
        const along = dot(row, direction);
        for (let at = 0; at < size; at += 1) row[at] = (row[at] as number) - along * (direction[at] as number);
      }
    }
    const length = Math.sqrt(dot(row, row));
    for (let at = 0; at < size; at += 1) row[at] = length > 0 ? (row[at] as number) / length : 0;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** By how much the directions turned: the greatest of 1 − |cosine|. */
function change(before: Float64Array, after: Float64Array, size: number, components: number): number {
  let most = 0;
  for (let row = 0; row < components; row += 1) {
    const [from, to] = [row * size, (row + 1) * size];
    most = Math.max(most, 1 - Math.abs(dot(before.subarray(from, to), after.subarray(from, to))));
  }
  return most;
}

function turn(row: Float64Array): void {
  let largest = 0;
  for (const each of row) if (Math.abs(each) > Math.abs(largest)) largest = each;
  if (largest < 0) for (let at = 0; at < row.length; at += 1) row[at] = -(row[at] as number);
}
