/** What a stretch of text is. Labels of a model that are none of the four words are given as the model has them, in lower case. */
export type SpanLabel = 'person' | 'address' | 'location' | 'organisation' | (string & {});

/** A stretch of text that a model takes for a name, an address or the like. */
export interface Span {
  readonly label: SpanLabel;
  /** UTF-16 units of the text as it was given, the first one within. */
  readonly start: number;
  /** The first one behind. */
  readonly end: number;
  /** The model's probability, 0 to 1: the mean over the tokens of the span. */
  readonly score: number;
}

/** Finds names and addresses in free text, where no form and no check digit tells them. */
export interface SpanFinder {
  /** What finds, for the report: results hold for this model only. */
  readonly model: { readonly name: string; readonly sha256: string };
  /**
   * The spans of each text, in order, never overlapping.
   * @throws InferenceError when a text cannot be looked at whole: nothing is left out in silence
   */
  find(texts: readonly string[]): Promise<readonly (readonly Span[])[]>;
  close(): Promise<void>;
}
