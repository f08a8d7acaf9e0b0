import { setImmediate } from 'node:timers/promises';
import type { Matrix } from './rank-correlation.ts';

/**
 * Cramér's V of each two columns over the rows that have both values: √(χ² / n / min(r − 1, c − 1)) of the table of r by c values that
 * are there. H. Cramér, "Mathematical Methods of Statistics" (1946), section 21.9. Not corrected for its bias: as
 * `scipy.stats.contingency.association(…, "cramer")`.
 * @param columns a whole number from 0 for each value, -1 where there is none
 */
export async function categoryAssociations(columns: readonly Int32Array[], signal?: AbortSignal): Promise<Matrix> {
  const matrix: Matrix = columns.map((_, one) => columns.map((__, other) => (one === other ? 1 : null)));
  const sizes = columns.map((codes) => codes.reduce((most, code) => Math.max(most, code + 1), 0));
  for (const [one, x] of columns.entries()) {
    await setImmediate();
    signal?.throwIfAborted();
    for (const [other, y] of columns.slice(0, one).entries()) {
      const found = associationOf(x, y, sizes[one] ?? 0, sizes[other] ?? 0);
      const [row, column] = [matrix[one], matrix[other]];
      if (row !== undefined) row[other] = found;
      if (column !== undefined) column[one] = found;
    }
  }
  return matrix;
}

function associationOf(x: Int32Array, y: Int32Array, high: number, wide: number): number | null {
  const counts = new Float64Array(high * wide);
  const [rows, columns] = [new Float64Array(high), new Float64Array(wide)];
  let all = 0;
  for (let row = 0; row < x.length; row += 1) {
    const [a, b] = [x[row] ?? -1, y[row] ?? -1];
    if (a < 0 || b < 0) continue;
    const cell = a * wide + b;
    counts[cell] = (counts[cell] ?? 0) + 1;
    rows[a] = (rows[a] ?? 0) + 1;
    columns[b] = (columns[b] ?? 0) + 1;
    all += 1;
  }
  const there = (sums: Float64Array): number => sums.filter((sum) => sum > 0).length;
  const least = Math.min(there(rows), there(columns)) - 1;
  if (least < 1) return null;
  let statistic = 0;
  for (const [cell, count] of counts.entries()) {
    const expected = ((rows[Math.floor(cell / wide)] ?? 0) * (columns[cell % wide] ?? 0)) / all;
    if (expected > 0) statistic += (count - expected) ** 2 / expected;
  }
  return Math.min(1, Math.sqrt(statistic / all / least));
}
