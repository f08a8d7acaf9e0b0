/** Of each feature, values and how many rows are at most and below them; the side of the longer tail. */
export interface DepthState {
  readonly rows: readonly number[];
  readonly values: readonly (readonly number[])[];
  readonly upTo: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** −1, 0 or 1: the sign of the skewness. */
  readonly side: readonly number[];
}

/** Of more different values, those at both ends and evenly chosen ones between are kept. */
const mostValues = 256;
const atEnds = 64;

/** @param columns each without NaN, at least one value */
export function fitDepth(columns: readonly Float64Array[]): DepthState {
  const fitted = columns.map((column) => {
    const sorted = column.toSorted();
    const values = chosen([...new Set(sorted)]);
    const starts = new Map<number, number>();
    const ends = new Map<number, number>();
    for (const [at, value] of sorted.entries()) {
      if (!starts.has(value)) starts.set(value, at);
      ends.set(value, at + 1);
    }
    const count = (of: ReadonlyMap<number, number>): number[] => values.map((value) => of.get(value) ?? 0);
    return { values, upTo: count(ends), below: count(starts), side: Math.sign(skewnessOf(column)) };
  });
  return {
    rows: columns.map(({ length }) => length),
    values: fitted.map(({ values }) => values),
    upTo: fitted.map(({ upTo }) => upTo),
    below: fitted.map(({ below }) => below),
    side: fitted.map(({ side }) => side),
  };
}

function chosen(values: readonly number[]): number[] {
  if (values.length <= mostValues) return [...values];
  const between = mostValues - 2 * atEnds;
  const inner = values.length - 2 * atEnds;
  return [
    ...values.slice(0, atEnds),
    ...Array.from({ length: between }, (_, at) => values[atEnds + Math.floor((at * inner) / between)] as number),
    ...values.slice(-atEnds),
  ];
}

/** g₁ of the moments; 0 where all values are the same, as far as float64 can tell. */
function skewnessOf(column: Float64Array): number {
  const mean = column.reduce((sum, each) => sum + each, 0) / column.length;
  let [second, third] = [0, 0];
  for (const value of column) {
    const square = (value - mean) ** 2;
    second += square;
    third += square * (value - mean);
  }
  return second / column.length <= (Number.EPSILON * mean) ** 2 ? 0 : third;
}

interface Depths {
  readonly values: Float64Array;
  /** Of each value, and of what lies before it; one more for what lies behind the last. */
  readonly at: Float64Array;
  readonly before: Float64Array;
}

/**
 * How far out a row is in the tails of its features (Z. Li et al., "ECOD: Unsupervised Outlier Detection Using Empirical Cumulative
 * Distribution Functions", 2022), as one more row beside those that were fitted. The logarithms are taken beforehand: a search for each
 * feature is left. A missing value adds nothing.
 */
export function depthScore(state: DepthState): (row: Float64Array) => number {
  const depths = state.values.map((_, feature) => depthsOf(state, feature));
  return (row) => {
    let total = 0;
    for (let feature = 0; feature < depths.length; feature += 1) {
      const value = row[feature] as number;
      if (!Number.isNaN(value)) total += depthAt(depths[feature] as Depths, value);
    }
    return total;
  };
}

function depthsOf({ rows, values, upTo, below, side }: DepthState, feature: number): Depths {
  const [count = 0, of = [], ends = [], starts = []] = [rows[feature], values[feature], upTo[feature], below[feature]];
  const depth = (atMost: number, under: number): number => {
    const left = -Math.log((atMost + 1) / (count + 1));
    const right = -Math.log((count - under + 1) / (count + 1));
    const sided = (side[feature] ?? 0) <= 0 ? left : 0;
    return Math.max(left, right, sided + ((side[feature] ?? 0) >= 0 ? right : 0));
  };
  return {
    values: Float64Array.from(of),
    at: Float64Array.from(of, (_, each) => depth(ends[each] ?? 0, starts[each] ?? 0)),
    before: Float64Array.from({ length: of.length + 1 }, (_, each) => depth(ends[each - 1] ?? 0, ends[each - 1] ?? 0)),
  };
}

function depthAt({ values, at, before }: Depths, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return (values[low] === value ? at[low] : before[low]) as number;
}
