/** Rows of a table, as detectors of poison look at them. Indexes count from 0; row numbers of the file are the check's to say. */
export interface PoisonScene {
  readonly rows: number;
  /** Index into `classes` by row, -1 where the label is missing. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Features: the label, sources and what tells rows apart and nothing else are not among them. */
  readonly columns: readonly SceneColumn[];
  /** What a model makes of each row: rows × width, row-major. */
  readonly embeddings?: { readonly values: Float32Array; readonly width: number };
  /** Pictures, rows × channels × height × width, from 0 to 1. */
  readonly images?: {
    readonly values: Float32Array;
    readonly shape: readonly [channels: number, height: number, width: number];
  };
  /** Where each row came from: an index into `names`, -1 where that is not known. */
  readonly sources?: { readonly of: Int32Array; readonly names: readonly string[] };
  /** The chance that a detector may raise any alarm at all about clean rows; a detector with several tests divides it. */
  readonly alpha: number;
  /** The same seed gives the same result. */
  readonly seed: string;
  readonly signal: AbortSignal;
}

export type SceneColumn = NumberColumn | CategoryColumn;

export interface NumberColumn {
  readonly name: string;
  readonly kind: 'number';
  /** NaN where missing; infinite values are kept. */
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly name: string;
  readonly kind: 'category';
  /** From 0 to `levels` - 1, -1 where missing. */
  readonly codes: Int32Array;
  readonly levels: number;
  /** What a code stands for; to be shown only where values may be. */
  readonly texts: readonly string[];
}
