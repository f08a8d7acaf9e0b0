import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { broadcast, broadcastPlaces, transposed } from './layout.ts';
import { fromNumbers, numbersOf, type Value } from './value.ts';

/** numpy.matmul: vectors are rows on the left and columns on the right; leading axes broadcast. */
export function multiplied(left: Value, right: Value): Value {
  const a = left.dims.length === 1 ? [1, ...left.dims] : left.dims;
  const b = right.dims.length === 1 ? [...right.dims, 1] : right.dims;
  const [rows, inner, columns] = [a.at(-2)!, a.at(-1)!, b.at(-1)!];
  if (inner !== b.at(-2)) throw new Error(`inner sizes ${inner} and ${b.at(-2) ?? 0} differ`);
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
  const [lefts, rights] = [broadcastPlaces(a.slice(0, -2), batch), broadcastPlaces(b.slice(0, -2), batch)];
  const [x, y, result] = [numbersOf(left), numbersOf(right), new Float64Array(elementCount(batch) * rows * columns)];
  for (let i = 0; i < result.length; i++) {
    const [column, row, matrix] = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / columns / rows)];
    const [from, to] = [(lefts[matrix]! * rows + row) * inner, rights[matrix]! * inner * columns + column];
    for (let k = 0; k < inner; k++) result[i]! += x[from + k]! * y[to + k * columns]!;
  }
  const kept = [...(left.dims.length === 1 ? [] : [rows]), ...(right.dims.length === 1 ? [] : [columns])];
  return fromNumbers(left.type, [...batch, ...kept], result);
}

/** alpha · A′ · B′ + beta · C */
const gemm: Operator = (call) => {
  const a = call.isSet('transA') ? transposed(call.input(0), [1, 0]) : call.input(0);
  const b = call.isSet('transB') ? transposed(call.input(1), [1, 0]) : call.input(1);
  const product = multiplied(a, b);
  const [alpha, beta, c] = [call.float('alpha', 1), call.float('beta', 1), call.optional(2)];
  const result = numbersOf(product).map((x) => alpha * x);
  if (c) {
    const added = numbersOf(c);
    for (const [i, place] of broadcastPlaces(c.dims, product.dims).entries()) result[i]! += beta * added[place]!;
  }
  return fromNumbers(product.type, product.dims, result);
};

/** Gaussian elimination with partial pivoting. */
function determinant(rows: Float64Array[]): number {
  let result = 1;
  for (let k = 0; k < rows.length; k++) {
    let best = k;
    for (let i = k; i < rows.length; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    const pivot = rows[best]!;
    if (pivot[k] === 0) return 0;
    if (best !== k) [rows[best], rows[k], result] = [rows[k]!, pivot, -result];
    result *= pivot[k]!;
    for (const row of rows.slice(k + 1)) {
      const factor = row[k]! / pivot[k]!;
      for (let j = k; j < row.length; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  return result;
}

const det: Operator = (call) => {
  const x = call.input(0);
  const size = x.dims.at(-1)!;
  const batch = x.dims.slice(0, -2);
  const results = Float64Array.from({ length: elementCount(batch) }, (_, matrix) => {
    const rowAt = (i: number): Float64Array =>
      numbersOf(x).slice((matrix * size + i) * size, (matrix * size + i + 1) * size);
    return determinant(Array.from({ length: size }, (_row, i) => rowAt(i)));
  });
  return fromNumbers(x.type, batch, results);
};

export const matrix: Operators = {
  MatMul: (call) => multiplied(call.input(0), call.input(1)),
  Gemm: gemm,
  Det: det,
};
