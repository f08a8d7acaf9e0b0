/** A stretch of a text that a classifier of tokens took for something. */
export interface Span {
  readonly label: 'person' | 'address' | 'location' | 'organisation' | (string & {});
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** From 0 to 1. */
  readonly score: number;
}

/** Finds names and addresses in free text, by a classifier of tokens that was handed in. */
export interface SpanFinder {
  readonly model: { readonly name: string; readonly sha256: string };
  find(texts: readonly string[]): Promise<readonly (readonly Span[])[]>;
  close(): Promise<void>;
}
