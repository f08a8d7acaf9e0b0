/** Rows of something, and how many there have to be. */
export interface LeastBar {
  readonly name: string;
  readonly rows: number;
  readonly least: number;
  /** Of how many combinations this one has the fewest rows. */
  readonly of?: number;
}

/** Rows with two values at once. */
export interface CombinationCell {
  readonly x: string;
  readonly y: string;
  readonly rows: number;
}

export interface RangeBar {
  /** `null`: no end. */
  readonly from: number | null;
  readonly to: number | null;
  readonly rows: number;
}

/** How much of a column of the reference there is. */
export interface CoveredBar {
  readonly column: string;
  readonly covered: number;
  readonly groups: number;
  readonly without: number;
  /** Those without a row that may be named. */
  readonly absent: string;
}

/** The part of the rows whose nearest neighbour in the reference is so far away, and of the rows of the reference themselves. */
export interface DistanceBar {
  readonly from: number;
  readonly to: number;
  readonly table: number;
  readonly usual: number;
}

/** What a picture of coverage shows: a kind, what is said once, and a list. */
export type Picture =
  | { readonly kind: 'slices'; readonly bars: readonly LeastBar[]; readonly more: number }
  | { readonly kind: 'values'; readonly slice: string; readonly bars: readonly LeastBar[]; readonly more: number }
  | {
      readonly kind: 'combinations';
      readonly slice: string;
      readonly columns: readonly [string, string];
      readonly least: number;
      readonly bars: readonly CombinationCell[];
      readonly more: number;
    }
  | { readonly kind: 'ranges'; readonly column: string; readonly least: number; readonly bars: readonly RangeBar[] }
  | { readonly kind: 'covered'; readonly least: number; readonly bars: readonly CoveredBar[]; readonly more: number }
  | {
      readonly kind: 'distances';
      readonly medians: { readonly table: number; readonly usual: number };
      readonly bars: readonly DistanceBar[];
    };

export type PictureOf<Kind extends Picture['kind']> = Extract<Picture, { kind: Kind }>;
