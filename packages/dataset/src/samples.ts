/** Samples as numbers. */
export interface Samples {
  /** The number of samples, then the dimensions of one: `[rows, columns]` of a table, `[images, channels, height, width]`. */
  readonly shape: number[];
  /** Row-major, `shape` says how. A category is its index in the column's list. */
  readonly values: Float32Array;
  /** One a sample: the index of its class, or the number that stands in the file where there are no classes. */
  readonly labels?: Int32Array;
  /** In place of labels, where they were asked for: the value that is right for each sample. */
  readonly targets?: Float32Array;
  /** What the columns of a table are, in their order; without the label's. */
  readonly columns?: Column[];
  /** What the labels stand for. */
  readonly classes?: string[];
}

/** A column of a table, by its name. */
export type Column =
  | { readonly name: string; readonly kind: 'numeric' }
  | { readonly name: string; readonly kind: 'categorical'; readonly categories: readonly string[] };

/** A column as it is asked for. Categories that are left out are those of the file, in the order of their code points. */
export type ColumnOption =
  | { readonly name: string; readonly kind: 'numeric' }
  | { readonly name: string; readonly kind: 'categorical'; readonly categories?: readonly string[] };

export interface SampleOptions {
  /** Recognised by bytes, then by the ending, unless given. */
  readonly format?: Format;
  /** Of a table: the column that holds the labels. */
  readonly label?: string;
  /** Of npy and IDX: the path of another such file, which holds the labels. */
  readonly labels?: string;
  /** The classes, in the order of their numbers; else labels that are no whole numbers are classes in the order of code points. */
  readonly classes?: readonly string[];
  /** What stands where labels do are values, such as prices: they are given as `targets`, whole or not. */
  readonly targets?: boolean;
  /** Of a table: which columns, in which order; else all, numeric where every value is a number. */
  readonly columns?: readonly ColumnOption[];
  /** Of CSV: the names of the columns, where the file has no line of names. */
  readonly names?: readonly string[];
  /** Of CSV: what stands between values; a comma unless given. */
  readonly separator?: string;
  /**
   * Of a table: texts that stand for a missing value, beside an empty one, such as `?`; and the number that it becomes, such as -1
   * or NaN. Where nothing is said, a missing value is an error.
   */
  readonly missing?: { readonly texts?: readonly string[]; readonly becomes?: number };
  /** What is accepted at most; what is left out is {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
}

export type Format = 'npy' | 'npz' | 'idx' | 'csv' | 'parquet' | 'json-lines' | 'images';

/** What is accepted before anything is read. */
export interface Limits {
  /** Bytes of a file, and of whatever is unpacked from it. */
  readonly fileBytes: number;
  /** Bytes of all values: four each. */
  readonly valueBytes: number;
  /** Samples. */
  readonly rows: number;
  /** Different texts in a column of categories. */
  readonly categories: number;
}

export const defaultLimits: Limits = { fileBytes: 2 ** 31, valueBytes: 2 ** 31, rows: 10_000_000, categories: 100_000 };
