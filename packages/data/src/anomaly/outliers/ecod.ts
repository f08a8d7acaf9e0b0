/**
 * How far out each row is (Z. Li et al., "ECOD: Unsupervised Outlier Detection Using Empirical Cumulative Distribution
 * Functions", 2022): for each column −log of the part of the rows that lie as far to the left, to the right, and to the side
 * to which the column is skewed; the largest of the three, summed over the columns. As `pyod.models.ecod.ECOD` has it: where
 * a column is not skewed at all, the sides are added up.
 *
 * @param columns numbers without NaN, all of one length; infinite ones have their rank, and no part in the skewness
 */
export function ecodScores(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const scores = new Float64Array(rows);
  for (const column of columns) addColumn(scores, column);
  return scores;
}

function addColumn(scores: Float64Array, column: Float64Array): void {
  const { length } = column;
  const sorted = column.toSorted();
  const skewness = skewnessOf(column);
  // The side of the longer tail; both, where there is none.
  const [left, right] = [skewness <= 0 ? 1 : 0, skewness >= 0 ? 1 : 0];
  for (let row = 0; row < length; row += 1) {
    const value = column[row] ?? 0;
    const below = -Math.log(countUpTo(sorted, value) / length);
    const above = -Math.log((length - countBefore(sorted, value)) / length);
    scores[row] = (scores[row] ?? 0) + Math.max(below, above, below * left + above * right);
  }
}

/** g₁ of the moments; 0 where all values are the same, as far as float64 can tell. */
function skewnessOf(column: Float64Array): number {
  const finite = column.every(Number.isFinite) ? column : column.filter(Number.isFinite);
  const mean = finite.reduce((sum, each) => sum + each, 0) / finite.length;
  let [second, third] = [0, 0];
  for (const value of finite) {
    const square = (value - mean) ** 2;
    second += square;
    third += square * (value - mean);
  }
  second /= finite.length;
  third /= finite.length;
  return second <= (Number.EPSILON * mean) ** 2 || second === 0 ? 0 : third / second ** 1.5;
}

/** How many of the values are at most this one. */
function countUpTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the values are below this one. */
function countBefore(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
