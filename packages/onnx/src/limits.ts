/** What a reader accepts before it looks at what the model means. */
export interface Limits {
  /** Bytes of the file. Protobuf itself ends at 2 GiB. */
  readonly fileBytes: number;
  /** Bytes of all that is not raw weights, where a file is read as an outline. */
  readonly outlineBytes: number;
  /** Messages of all kinds, at all depths. */
  readonly messages: number;
  /** Nodes in all graphs and functions. */
  readonly nodes: number;
  /** Tensors: initializers and attributes. */
  readonly tensors: number;
  /** Messages within messages. A subgraph is three deeper than its node's graph. */
  readonly depth: number;
  /** UTF-8 bytes of one name or documentation text. */
  readonly textBytes: number;
  /**
   * Entries of lists: numbers written one by one instead of as raw bytes, and texts, which count
   * four each. An entry takes up to 32 bytes of memory, however short it is in the file.
   */
  readonly entries: number;
  /** Dimensions of one tensor. */
  readonly rank: number;
  /** Elements of one tensor. */
  readonly elements: number;
}

/** Enough for the largest published models, and no more than a machine can bear. */
export const defaultLimits: Limits = {
  fileBytes: 2 ** 31 - 1,
  outlineBytes: 2 ** 28,
  messages: 4_000_000,
  nodes: 500_000,
  tensors: 500_000,
  depth: 64,
  textBytes: 2 ** 20,
  entries: 2 ** 23,
  rank: 64,
  elements: 2 ** 40,
};
