import type { EntityClass } from '@holdfast/recognisers/entity-type';
import type { Phrases } from '../columns/header.ts';

/** What a column can hold that no form tells, such as names: its name and its values together do. */
export interface ColumnKind {
  readonly name: string;
  readonly title: string;
  readonly classes: readonly EntityClass[];
  /** Which of the 18 identifiers of 45 CFR 164.514(b)(2)(i), as its letter. */
  readonly hipaa?: string;
  /** Where it is said what it is. */
  readonly reference: string;
  readonly headers: Phrases;
  /** Words that say it only where nothing else is said: `client`, but not `client type`. */
  readonly only?: Phrases;
  /** Words of a name that speak against it: `product name`. */
  readonly against?: Phrases;
  /** Whether a cell may be one. It is folded and trimmed, and has at most 200 units. */
  fits(text: string): boolean;
  /** The part of the cells of other columns that fits as well: the house's estimate. */
  readonly chance: number;
  /** Odds of a column that is not called so; it is never one unless given. */
  readonly alone?: number;
  /** How many times more common a column with such values is among these than among others. */
  readonly weigh?: (values: Sampled) => number;
}

/** What was seen of a column. */
export interface Sampled {
  /** Folded, trimmed, cut; in the order of the rows. */
  readonly cells: readonly string[];
  readonly different: readonly string[];
  /** Rows of the sample, those without a value as well. */
  readonly rows: number;
}

/** The part of some texts that has a property; 0 of none. */
export function shareOf(texts: readonly string[], has: (text: string) => boolean): number {
  return texts.length === 0 ? 0 : texts.filter(has).length / texts.length;
}
