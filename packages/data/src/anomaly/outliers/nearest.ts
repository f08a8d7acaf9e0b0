/** Rows of numbers, one row behind the other. */
export interface Points {
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * The distance of each point to its k-th nearest neighbour among some of the points; none is its own neighbour. Exact: a
 * neighbour is given up only when it is farther than the k-th one already. Infinite where there are fewer than k others.
 *
 * @param among numbers of the points that are neighbours
 */
export function neighbourDistances({ values, width }: Points, among: Uint32Array, k: number): Float64Array {
  const rows = width === 0 ? 0 : values.length / width;
  const nearest = new Float64Array(k);
  return Float64Array.from({ length: rows }, (_, row) => {
    nearest.fill(Number.POSITIVE_INFINITY);
    for (const other of among) {
      if (other === row) continue;
      const distance = squared(values, row * width, other * width, width, nearest[k - 1] ?? 0);
      if (distance < (nearest[k - 1] ?? 0)) insert(nearest, distance);
    }
    return Math.sqrt(nearest[k - 1] ?? 0);
  });
}

function squared(values: Float64Array, one: number, other: number, width: number, most: number): number {
  let sum = 0;
  for (let at = 0; at < width && sum < most; at += 1) {
    const difference = (values[one + at] ?? 0) - (values[other + at] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

function insert(nearest: Float64Array, distance: number): void {
  let at = nearest.length - 1;
  for (; at > 0 && (nearest[at - 1] ?? 0) > distance; at -= 1) nearest[at] = nearest[at - 1] ?? 0;
  nearest[at] = distance;
}

/**
 * Columns as points, each column with mean 0 and variance 1 (of its finite values); what is infinite stands where the
 * farthest finite value does, and a column without variance is 0.
 */
export function scaledPoints(columns: readonly Float64Array[]): Points {
  const width = columns.length;
  const values = new Float64Array(width * (columns[0]?.length ?? 0));
  for (const [at, column] of columns.entries()) {
    const finite = column.every(Number.isFinite) ? column : column.filter(Number.isFinite);
    const mean = finite.reduce((sum, each) => sum + each, 0) / Math.max(1, finite.length);
    const deviation = Math.sqrt(finite.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, finite.length));
    const [least, greatest] = finite.reduce<[number, number]>(
      ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    const scale = deviation > 0 && Number.isFinite(deviation) ? 1 / deviation : 0;
    for (const [row, value] of column.entries()) {
      values[row * width + at] = scale === 0 ? 0 : (Math.min(greatest, Math.max(least, value)) - mean) * scale;
    }
  }
  return { values, width };
}
