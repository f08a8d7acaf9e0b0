/** A slice or a combination of values in it: how many rows there are. */
export interface Counted {
  readonly values: readonly string[];
  readonly rows: number;
}

export interface SliceCoverage {
  readonly name: string;
  readonly columns: readonly string[];
  /** Rows that there have to be. */
  readonly least: number;
  /** What was expected: the slice itself, or so many combinations. */
  readonly expected: number;
  /** How many of them have fewer rows, and how many have none. */
  readonly shortCount: number;
  readonly emptyCount: number;
  /** Those with fewer rows, the smallest first, of many the first ones. */
  readonly short: readonly Counted[];
  /** Rows of the one that has the fewest; nothing where nothing was counted. */
  readonly leastRows?: number;
  /** Rows in no combination: a value is missing, or is not among those that are named. */
  readonly outside: number;
  /** What a picture needs: all of a few. */
  readonly pictured: readonly Counted[];
  /** Why it could not be found out. */
  readonly left?: string;
}
