/** What a process for patterns is asked: which of these texts hold the pattern. */
export interface PatternOrder {
  readonly number: number;
  readonly texts: readonly string[];
}

/** First `ready`; then one byte for each text, 1 where the pattern was found; or that there is no telling. */
export type PatternAnswer =
  | { readonly number: number; readonly found: Uint8Array }
  | { readonly number: number; readonly failed: string };
