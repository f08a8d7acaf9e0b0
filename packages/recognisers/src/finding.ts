/** What speaks for a finding. */
export interface Why {
  /** How it is written: a layout such as `###-##-####`, or the name of a form. */
  readonly form: string;
  /** The check that it passed, such as `luhn`; absent where the number has none. */
  readonly checksum?: string;
  /** The word of the house's lists that stands near it or was said of it; never a part of the text that is not in a list. */
  readonly context?: string;
}

/** Where something stands, and what it is held to be. Never what it says. */
export interface Finding {
  /** The name of an entry of `entityTypes`. */
  readonly type: string;
  /** Offset of its first UTF-16 unit. */
  readonly start: number;
  /** Offset after its last UTF-16 unit. */
  readonly end: number;
  /** The estimated probability that it is what `type` says, from 0 to 1; see `confidence.ts`. */
  readonly confidence: number;
  readonly why: Why;
}
