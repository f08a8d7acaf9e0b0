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

/** A sensitive attribute: the code of the value that each row has, and how many values there are. */
export interface SensitiveCodes {
  readonly codes: Int32Array;
  readonly values: number;
}

/**
 * @param columns by quasi-identifier: the code of the value that each row has
 * @param weights by quasi-identifier and code of a value: what is summed over rows
 */
export function combinationsOf(
  hierarchies: readonly Hierarchy[],
  columns: readonly Int32Array[],
  rows: number,
  sensitive: readonly SensitiveCodes[],
  weights?: readonly Float64Array[],
): Combinations {
  const keys = columns.map((codes, at) => ({ keys: codes, size: hierarchies[at]?.values.length ?? 1 }));
  const { ids: ofRow, count } = equalKeys(keys, rows);
  const [classRows, sample] = [new Int32Array(count), new Int32Array(count)];
  for (let row = 0; row < rows; row += 1) {
    const id = ofRow[row] ?? 0;
    classRows[id] = (classRows[id] ?? 0) + 1;
    sample[id] = row;
  }
  const codes = columns.map((column) => sample.map((row) => column[row] ?? 0));
  const finest: Classes = {
    levels: hierarchies.map(() => 0),
    count,
    sample: Int32Array.from({ length: count }, (_, at) => at),
    rows: classRows,
    weights: Float64Array.from(classRows, (each, id) => each * weightOf(weights, codes, id)),
    sensitive: sensitive.map((each) => joined(singles(each, rows), ofRow, count)),
  };
  return { hierarchies, rows, ofRow, codes, finest };
}

/** The weights of the values of a combination. */
const weightOf = (weights: readonly Float64Array[] | undefined, codes: readonly Int32Array[], id: number): number =>
  (weights ?? []).reduce((sum, ofValue, at) => sum + (ofValue[codes[at]?.[id] ?? 0] ?? 0), 0);

/** Each row as a class of its own. */
const singles = ({ codes, values }: SensitiveCodes, rows: number): Histograms => ({
  values,
  starts: Int32Array.from({ length: rows + 1 }, (_, at) => at),
  codes,
  rows: new Int32Array(rows).fill(1),
});
