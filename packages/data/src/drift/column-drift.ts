import type { Kind } from './column-pairs.ts';

/** A test of whether two samples are from one distribution. */
export interface Test {
  readonly name: string;
  readonly statistic: number;
  readonly p: number;
}

/** How often something (a missing or an infinite value) is there, and whether that changed by accident. */
export interface ShareChange {
  readonly current: number;
  readonly reference: number;
  readonly p: number;
  /** h of Cohen: 2 asin √current - 2 asin √reference. */
  readonly effect: number;
}

/** Counts of the same bins or categories in both tables. */
export interface Picture {
  /** Of bins, their edges, one more than there are bins; of categories, their values. */
  readonly edges?: readonly number[];
  readonly labels?: readonly string[];
  readonly current: readonly number[];
  readonly reference: readonly number[];
}

/** Values that one of the two tables does not have. */
export interface Unshared {
  readonly values: readonly string[];
  readonly count: number;
  readonly rows: number;
  /** The chance that the most frequent of them is in one table only by accident, times the number of values. */
  readonly p: number;
}

/** What seconds stand for. */
export type Moments = 'date' | 'time' | 'timestamp';

/** Everything that was found out about a column that both tables have. */
export interface ColumnDrift {
  readonly name: string;
  readonly kind: Kind;
  /** Numbers are seconds of these. */
  readonly moments?: Moments;
  /** Values that were compared. */
  readonly values: { readonly current: number; readonly reference: number };
  readonly tests: readonly Test[];
  /** Measures of how large the change is, by name; those that are not finite are left out. */
  readonly effects: Readonly<Record<string, number>>;
  readonly missing?: ShareChange;
  readonly infinite?: ShareChange;
  readonly appeared?: Unshared;
  readonly vanished?: Unshared;
  /** Values are told apart by a part of their hash, because there are too many. */
  readonly isHashed?: boolean;
  /** Rare categories were taken together, because χ² is no guide to so few. */
  readonly isPooled?: boolean;
  readonly isSampled?: boolean;
  readonly picture?: Picture;
}

/** Those that are numbers. */
export function finiteOnly(measures: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(measures).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
