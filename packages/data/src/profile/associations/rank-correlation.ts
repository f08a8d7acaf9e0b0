import { setImmediate } from 'node:timers/promises';

/** Row by row; `null` where one of the two columns does not vary. */
export type Matrix = (number | null)[][];

interface RankedColumn {
  readonly values: Float64Array;
  /** Rows with a value, by their values. */
  readonly order: Uint32Array;
  /** Of a column without gaps: the ranks of its rows, as {@link centred} has them. */
  readonly ranks: Float64Array | undefined;
}

/**
 * Spearman's coefficient of each two columns over the rows that have both values: Pearson's of the ranks, of equal values the middle
 * rank. C. Spearman, "The Proof and Measurement of Association between Two Things" (1904). As `scipy.stats.spearmanr`. Sums are of whole
 * numbers below 2⁵³, so that neither parts nor order of the rows matter.
 * @param columns float64, NaN where there is none; at most 100,000 rows
 */
export async function rankCorrelations(columns: readonly Float64Array[], signal?: AbortSignal): Promise<Matrix> {
  const ranked = columns.map(rankedColumn);
  const matrix: Matrix = columns.map((_, one) => columns.map((__, other) => (one === other ? 1 : null)));
  for (const [one, x] of ranked.entries()) {
    await setImmediate();
    signal?.throwIfAborted();
    for (const [other, y] of ranked.slice(0, one).entries()) {
      const found = coefficientOf(x, y);
      const [row, column] = [matrix[one], matrix[other]];
      if (row !== undefined) row[other] = found;
      if (column !== undefined) column[one] = found;
    }
  }
  return matrix;
}

function rankedColumn(values: Float64Array): RankedColumn {
  const order = Uint32Array.from(values.keys())
    .filter((row) => !Number.isNaN(values[row]))
    .sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const ranks = order.length === values.length ? centred(values, order) : undefined;
  return { values, order, ranks };
}

/** Twice the middle rank of each row less the mean of that, a whole number; of `order` alone. */
function centred(values: Float64Array, order: Uint32Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end += 1;
    for (const row of order.subarray(begin, end)) ranks[row] = begin + end - order.length;
    begin = end;
  }
  return ranks;
}

function coefficientOf(x: RankedColumn, y: RankedColumn): number | null {
  const both = (column: RankedColumn, other: RankedColumn): Float64Array =>
    column.ranks !== undefined && other.ranks !== undefined
      ? column.ranks
      : centred(
          column.values,
          column.order.filter((row) => !Number.isNaN(other.values[row])),
        );
  const [one, other] = [both(x, y), both(y, x)];
  let [together, ofOne, ofOther] = [0, 0, 0];
  // a row without one of the two has the rank 0, and adds nothing
  for (let row = 0; row < one.length; row += 1) {
    const [a, b] = [one[row] ?? 0, other[row] ?? 0];
    together += a * b;
    ofOne += a * a;
    ofOther += b * b;
  }
  if (ofOne === 0 || ofOther === 0) return null;
  return Math.max(-1, Math.min(1, together / Math.sqrt(ofOne * ofOther)));
}
