/** Rows that are remembered, and features of each that are compared. */
const remembered = 8;
const mostCompared = 64;

/** The last rows of a caller that were no variations themselves. */
export interface RecentRows {
  readonly values: Float32Array;
  count: number;
}

export interface Variations {
  readonly fresh: () => RecentRows;
  /**
   * Whether a row differs from one of the last rows that were none by no more than two sevenths of the features, at least two: asking again, or what
   * would be if, twice. What is a variation is not remembered, so that small steps lead away from it. What is none is.
   */
  readonly isVariation: (recent: RecentRows, row: Float64Array) => boolean;
}

/** @param width features of a row; of more than 64, 64 evenly chosen ones are compared */
export function variations(width: number): Variations {
  const compared = Math.min(width, mostCompared);
  const chosen = Int32Array.from({ length: compared }, (_, at) => Math.floor((at * width) / compared));
  const allowed = Math.max(2, Math.floor((2 * compared) / 7));
  const current = new Float32Array(compared);
  return {
    fresh: () => ({ values: new Float32Array(remembered * compared), count: 0 }),
    isVariation(recent, row) {
      for (let at = 0; at < compared; at += 1) current[at] = row[chosen[at] as number] as number;
      const known = Math.min(recent.count, remembered);
      for (let each = 0; each < known; each += 1) {
        if (differs(current, recent.values, each * compared, allowed) <= allowed) return true;
      }
      recent.values.set(current, (recent.count % remembered) * compared);
      recent.count += 1;
      return false;
    },
  };
}

/** In how many places, up to one more than are allowed. */
function differs(current: Float32Array, values: Float32Array, start: number, allowed: number): number {
  let count = 0;
  for (let at = 0; at < current.length && count <= allowed; at += 1) {
    if (!Object.is(current[at], values[start + at])) count += 1;
  }
  return count;
}
