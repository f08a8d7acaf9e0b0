import { number, sumOver, transposed, unbroadcast } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** Y = α·op(A)·op(B) + β·C: dA = α·dY·op(B)ᵀ, dB = α·op(A)ᵀ·dY, dC = β·Σ dY. */
const gemm = ofOutput((operation, dy, writer, wanted) => {
  const [a, b, c] = [operation.input(0), operation.input(1), operation.input(2)];
  const [transA, transB] = [operation.int('transA', 0) !== 0, operation.int('transB', 0) !== 0];
  const alpha = operation.float('alpha', 1);
  const product = (left: string, right: string, leftTurned: boolean, rightTurned: boolean): string =>
    writer.emit('Gemm', [left, right], {
      alpha,
      transA: leftTurned ? 1n : 0n,
      transB: rightTurned ? 1n : 0n,
    });
  const dA = () => (transA ? product(b, dy, transB, true) : product(dy, b, false, !transB));
  const dB = () => (transB ? product(dy, a, true, transA) : product(a, dy, !transA, false));
  const beta = operation.float('beta', 1);
  const dC = () => {
    const summed = unbroadcast(writer, dy, operation.output(), c);
    return beta === 1 ? summed : writer.emit('Mul', [summed, number(writer, beta, c)]);
  };
  return [wanted(0) ? dA() : undefined, wanted(1) ? dB() : undefined, wanted(2) ? dC() : undefined];
});

/**
 * Y = A·B over the last two axes, batches broadcast: dA = dY·Bᵀ, dB = Aᵀ·dY, summed over broadcast axes.
 * A vector is a row on the left and a column on the right (numpy.matmul).
 */
const matMul = ofOutput((operation, dy, writer, wanted) => {
  const left = raised(writer, operation.input(0), 0);
  const right = raised(writer, operation.input(1), -1);
  const missing = [...(left.raised ? [-2] : []), ...(right.raised ? [-1] : [])];
  const full = missing.length === 0 ? dy : writer.emit('Unsqueeze', [dy, writer.int64(missing)]);
  const rank = Math.max(left.dims.length, right.dims.length);
  const dA = () => {
    const product = writer.emit('MatMul', [full, transposed(writer, right.name, right.dims.length)]);
    return lowered(writer, product, rank, left, 0);
  };
  const dB = () => {
    if (right.dims.length === 2 && !right.raised && rank > 2 && left.dims.length > 2) {
      return flattenedProduct(writer, left.name, full, right.dims);
    }
    const product = writer.emit('MatMul', [transposed(writer, left.name, left.dims.length), full]);
    return lowered(writer, product, rank, right, -1);
  };
  return [wanted(0) ? dA() : undefined, wanted(1) ? dB() : undefined];
});

interface Matrix {
  readonly name: string;
  readonly dims: readonly (number | null)[];
  /** It was a vector. */
  readonly raised: boolean;
}

function raised(writer: GraphWriter, name: string, axis: 0 | -1): Matrix {
  const dims = writer.dims(name);
  if (dims.length > 1) return { name, dims, raised: false };
  return {
    name: writer.emit('Unsqueeze', [name, writer.int64([axis])]),
    dims: axis === 0 ? [1, ...dims] : [...dims, 1],
    raised: true,
  };
}

/** Sums the batch axes that were broadcast, and takes the axis away that made a vector a matrix. */
function lowered(writer: GraphWriter, product: string, rank: number, matrix: Matrix, axis: 0 | -1): string {
  const extra = rank - matrix.dims.length;
  const leading = Array.from({ length: extra }, (_, index) => index);
  const repeated = matrix.dims.slice(0, -2).flatMap((size, index) => (size === 1 ? [index] : []));
  const summed = sumOver(writer, sumOver(writer, product, leading, false), repeated, true);
  return matrix.raised ? writer.emit('Squeeze', [summed, writer.int64([axis])]) : summed;
}

/** dB of a matrix that every batch shares, in one product: (Σ batches Aᵀ·dY) = A₂ᵀ·dY₂ with the batches made rows. */
function flattenedProduct(writer: GraphWriter, a: string, dy: string, dims: readonly (number | null)[]): string {
  const rows = (value: string, columns: number | null | undefined): string =>
    writer.emit('Reshape', [value, writer.int64([-1, columns ?? -1])]);
  return writer.emit('Gemm', [rows(a, dims[0]), rows(dy, dims[1])], { transA: 1n });
}

export const linearRules: GradientRules = { Gemm: gemm, MatMul: matMul };
