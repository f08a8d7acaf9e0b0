import type { Json } from '../validate/expectation-type.ts';
import type { SuiteSeverity } from '../validate/suite.ts';

/** One expectation that is proposed, and the number that it came from. */
export interface Suggestion {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, Json>>;
  /** Sentences for people: what was seen, and how far the bounds were moved from it. */
  readonly notes: readonly string[];
  /** What shows by itself weighs `critical`; what only usually stays as it is, `warning`. */
  readonly severity: SuiteSeverity;
}

/** What a suite is made of, and what could not be put into it. */
export interface SuggestedSuite {
  readonly suggestions: readonly Suggestion[];
  /** What was not proposed, or has no counterpart, and why. */
  readonly left: readonly string[];
}
