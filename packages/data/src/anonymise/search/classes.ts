import type { Hierarchy } from '../hierarchy/hierarchy.ts';
import { equalKeys } from './equal-keys.ts';
import { type Histograms, joined } from './histograms.ts';

/** The rows of a table as what tells them apart: different combinations of values of the quasi-identifiers. */
export interface Combinations {
  readonly hierarchies: readonly Hierarchy[];
  readonly rows: number;
  /** Which combination each row has. */
  readonly ofRow: Int32Array;
  /** By column: the code of the value that each combination has. */
  readonly codes: readonly Int32Array[];
  /** The classes of level 0 of all columns. */
  readonly finest: Classes;
}

/** Equivalence classes of a table that was generalised. */
export interface Classes {
  /** Level of each column. */
  readonly levels: readonly number[];
  readonly count: number;
  /** A combination that is in each. */
  readonly sample: Int32Array;
  /** Rows in each. */
  readonly rows: Int32Array;
  /** What the utility wants summed over the rows of each, 0 where it wants nothing. */
  readonly weights: Float64Array;
  /** By sensitive attribute: how often each value is in each class. */
  readonly sensitive: readonly Histograms[];
}

/**
 * Joins classes that are equal on coarser levels; what they were made of is not read again (the roll-up of LeFevre et al., 2005).
 *
 * @returns the classes, and for each one of `from` the one that it went into
 */
export function coarser(
  { hierarchies, codes }: Pick<Combinations, 'hierarchies' | 'codes'>,
  from: Classes,
  levels: readonly number[],
): { readonly classes: Classes; readonly into: Int32Array } {
  const columns = hierarchies.map((hierarchy, at) => {
    const level = hierarchy.levels[levels[at] ?? 0] ?? hierarchy.levels[0];
    const values = codes[at] ?? new Int32Array();
    const keys = new Int32Array(from.count);
    for (let index = 0; index < from.count; index += 1) {
      keys[index] = level.codes[values[from.sample[index] ?? 0] ?? 0] ?? 0;
    }
    return { keys, size: level.labels.length };
  });
  const { ids: into, count } = equalKeys(columns, from.count);
  const sample = new Int32Array(count).fill(-1);
  const rows = new Int32Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < from.count; index += 1) {
    const id = into[index] ?? 0;
    if (sample[id] === -1) sample[id] = from.sample[index] ?? 0;
    rows[id] = (rows[id] ?? 0) + (from.rows[index] ?? 0);
    weights[id] = (weights[id] ?? 0) + (from.weights[index] ?? 0);
  }
  const sensitive = from.sensitive.map((histograms) => joined(histograms, into, count));
  return { classes: { levels, count, sample, rows, weights, sensitive }, into };
}

/**
 * @param columns by quasi-identifier: the code of the value that each row has
 * @param sensitive by sensitive attribute: the code of the value that each row has, and how many values there are
 * @param weights by quasi-identifier and code of a value: what is summed over rows
 */
export function combinationsOf(
  hierarchies: readonly Hierarchy[],
  columns: readonly Int32Array[],
  rows: number,
  sensitive: readonly { readonly codes: Int32Array; readonly values: number }[],
  weights?: readonly Float64Array[],
): Combinations {
  const keys = columns.map((codes, at) => ({ keys: codes, size: hierarchies[at]?.values.length ?? 1 }));
  const { ids: ofRow, count } = equalKeys(keys, rows);
  const codes = columns.map(() => new Int32Array(count));
  const classRows = new Int32Array(count);
  const sums = new Float64Array(count);
  for (let row = 0; row < rows; row += 1) {
    const id = ofRow[row] ?? 0;
    classRows[id] = (classRows[id] ?? 0) + 1;
    for (const [at, column] of columns.entries()) {
      const code = column[row] ?? 0;
      const list = codes[at];
      if (list !== undefined) list[id] = code;
      if (weights !== undefined) sums[id] = (sums[id] ?? 0) + (weights[at]?.[code] ?? 0);
    }
  }
  const histograms = sensitive.map(({ codes: values, values: different }) =>
    joined(
      {
        values: different,
        starts: Int32Array.from({ length: rows + 1 }, (_, at) => at),
        codes: values,
        rows: new Int32Array(rows).fill(1),
      },
      ofRow,
      count,
    ),
  );
  const finest: Classes = {
    levels: hierarchies.map(() => 0),
    count,
    sample: Int32Array.from({ length: count }, (_, at) => at),
    rows: classRows,
    weights: sums,
    sensitive: histograms,
  };
  return { hierarchies, rows, ofRow, codes, finest };
}
