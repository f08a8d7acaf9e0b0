import type { Samples } from './attack.ts';

/** Some of the samples, in the order that is given. */
export function rowsOf({ x, labels }: Samples, rows: readonly number[], size: number): Samples {
  const part = new Float32Array(rows.length * size);
  for (const [place, row] of rows.entries()) part.set(x.subarray(row * size, (row + 1) * size), place * size);
  return { x: part, labels: Int32Array.from(rows, (row) => labels[row] as number) };
}

/** Copies one row. */
export function copyRow(to: Float32Array, from: Float32Array, row: number, size: number): void {
  to.set(from.subarray(row * size, (row + 1) * size), row * size);
}
